"""Experiments and what they consist of: choices, controls, scripts, columns and labs."""
