"""NumPy: its global state, and the generators that a script makes itself."""
