"""The fields that a newer seedlab has written and this one does not know."""

Extra = tuple[tuple[str, bytes], ...]
"""The name and JSON text of each unknown field, sorted by name.

The fields are written again as they were read, so that a document loses nothing by being opened here.
"""
