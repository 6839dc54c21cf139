"""The end of a conversation with the engine."""


class Stop(Exception):
    """The other end is closed."""
