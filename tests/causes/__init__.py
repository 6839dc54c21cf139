"""Scripts of which it is known what moves each of their draws, and whether seedlab finds it.

uv run python -m tests.causes              inquire into all of them, print the table, and write result.json
uv run python -m tests.causes NAME...      inquire into these
uv run python -m tests.causes.plain        prove what is known again, with plain runs of edited copies, without seedlab
"""
