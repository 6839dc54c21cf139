"""The words of findings that are no library's."""
