"""All sentences on what was found: each whole, with named parameters.

A library's ``messages.py`` has the words of its own findings, as ``SENTENCES`` and ``REASONS``; here they are
collected.
"""
