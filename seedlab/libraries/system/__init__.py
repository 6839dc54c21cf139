"""What every script can reach of the system's randomness, whichever libraries it imports."""
