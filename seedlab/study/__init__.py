"""What is asked: experiments, choices, scripts, columns and labs."""
