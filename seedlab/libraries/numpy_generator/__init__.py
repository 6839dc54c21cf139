"""NumPy's generators."""
