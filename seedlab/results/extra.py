"""What a newer seedlab has written beside the fields that this one knows."""

Extra = tuple[tuple[str, bytes], ...]
"""Name and JSON text of each field that was read and is not known, in the order of their names.

They are written again as they came, so that a document loses nothing by being opened here.
"""
