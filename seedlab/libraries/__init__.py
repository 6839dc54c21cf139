"""The libraries whose random numbers are studied: one folder for each."""
