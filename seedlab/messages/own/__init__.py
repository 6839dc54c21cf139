"""The words for findings that belong to no library."""
