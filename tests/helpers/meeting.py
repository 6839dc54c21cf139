"""A place where scripts that run anywhere on this machine report, and wait until the test lets them go on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Meeting:
    """Scripts come here by executing `script`; each is known by the number of its process."""

    def __init__(self) -> None:
        self._port = 0
        self._is_open = asyncio.Event()
        self._changed = asyncio.Condition()
        self.come: list[int] = []
        """All that have come, in order."""
        self.here: set[int] = set()
        """Those that have not gone on, or been ended."""

    @property
    def script(self) -> str:
        return (
            f"import os, socket\nmeeting = socket.create_connection(('127.0.0.1', {self._port}))\n"
            "meeting.sendall(b'%d\\n' % os.getpid())\nmeeting.recv(1)\nmeeting.close()\n"
        )

    async def until_come(self, count: int) -> None:
        """Wait until so many have come in all."""
        async with asyncio.timeout(60), self._changed:
            await self._changed.wait_for(lambda: len(self.come) >= count)

    async def until_gone(self) -> None:
        """Wait until nobody is here any more."""
        async with asyncio.timeout(60), self._changed:
            await self._changed.wait_for(lambda: not self.here)

    def let_go(self) -> None:
        """Let all go on, now and from now on."""
        self._is_open.set()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            number = int(await reader.readline())
            async with self._changed:
                self.come.append(number)
                self.here.add(number)
                self._changed.notify_all()
            going = asyncio.ensure_future(self._is_open.wait())
            ended = asyncio.ensure_future(reader.read(1))
            await asyncio.wait((going, ended), return_when=asyncio.FIRST_COMPLETED)
            for each in (going, ended):
                each.cancel()
            await asyncio.gather(going, ended, return_exceptions=True)
            async with self._changed:
                self.here.discard(number)
                self._changed.notify_all()
        finally:
            writer.close()


@asynccontextmanager
async def meeting() -> AsyncIterator[Meeting]:
    """A meeting for as long as the block lasts."""
    place = Meeting()
    server = await asyncio.start_server(place._meet, "127.0.0.1", 0)
    place._port = server.sockets[0].getsockname()[1]
    try:
        yield place
    finally:
        place.let_go()
        await place.until_gone()
        server.close()
        await server.wait_closed()
