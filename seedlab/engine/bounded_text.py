"""Text of any length in bounded memory."""


class BoundedText:
    """The first ``head`` and the last ``tail`` bytes of a stream; what lies between is counted and dropped."""

    def __init__(self, head: int = 64 * 1024, tail: int = 64 * 1024) -> None:
        self._head_size, self._tail_size = head, tail
        self._head = bytearray()
        self._tail = bytearray()
        self._dropped = 0

    def add(self, data: bytes) -> None:
        """Append the next bytes of the stream."""
        room = self._head_size - len(self._head)
        self._head += data[:room]
        self._tail += data[room:]
        excess = len(self._tail) - self._tail_size
        if excess > 0:
            del self._tail[:excess]
            self._dropped += excess

    def text(self) -> str:
        """Return the text decoded as UTF-8, with invalid bytes escaped and a line in place of what was dropped."""
        gap = f"\n… {self._dropped:,} bytes left out …\n".encode() if self._dropped else b""
        return bytes(self._head + gap + self._tail).decode("utf-8", "backslashreplace")
