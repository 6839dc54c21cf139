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

    def add_gap(self, size: int) -> None:
        """Note that the next ``size`` bytes of the stream were dropped before they came here."""
        if size:
            self._dropped += len(self._tail) + size
            self._tail.clear()

    def parts(self) -> tuple[bytes, bytes, int]:
        """Return the beginning, the end, and the number of bytes that were dropped between them."""
        return bytes(self._head), bytes(self._tail), self._dropped

    def text(self, ends: int | None = None) -> str:
        """Return the text decoded as UTF-8, with invalid bytes escaped and a line in place of what was dropped.

        With ``ends``, it has at most so many bytes of the beginning and of the end.
        """
        head, tail, dropped = self.parts()
        if ends is not None and len(head) + len(tail) > 2 * ends:
            kept = head + tail if not dropped else b""
            head, tail, dropped = (
                (kept or head)[:ends],
                (kept or tail)[-ends:] if ends else b"",
                dropped + len(head) + len(tail) - 2 * ends,
            )
        gap = f"\n… {dropped:,} bytes left out …\n".encode() if dropped else b""
        return (head + gap + tail).decode("utf-8", "backslashreplace")
