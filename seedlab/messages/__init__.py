"""The words for what was found, and those of the session, the drawing and the window.

They are whole sentences with named parameters. A library's ``messages.py`` has the words for its own findings, as
``SENTENCES`` and ``REASONS``; they are collected here.
"""
