"""NumPy's legacy global state."""
