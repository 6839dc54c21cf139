"""The randomness that the system gives a process, whatever library draws from it."""
