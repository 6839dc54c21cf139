"""What is studied: experiments, their scripts, runs and what comparing them says. No Qt, no processes."""
