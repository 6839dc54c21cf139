"""Labs as files: the format, reading, and embedding in pictures."""
