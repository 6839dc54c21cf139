"""Python's ``random``."""
