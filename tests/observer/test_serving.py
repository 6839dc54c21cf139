"""The end of a connection on the host, spoken to by hand over pipes, without ssh."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from seedlab.engine.connection import LINE
from seedlab.engine.packing import pack
from seedlab.observer.serving import GREETING, HEADER, MAX_FRAME

ENDS_WITHIN_S = 20


class Server:
    """A process that serves, and what it has answered."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.process = process

    def send(self, kind: bytes, number: int = 0, value: Any = None) -> None:
        payload = b"" if value is None else value if isinstance(value, bytes) else json.dumps(value).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(HEADER.pack(kind, number, len(payload)) + payload)
        self.process.stdin.flush()

    def read(self) -> tuple[bytes, int, bytes]:
        assert self.process.stdout is not None
        kind, number, size = HEADER.unpack(self.process.stdout.read(HEADER.size))
        return kind, number, self.process.stdout.read(size)

    def until(self, wanted: bytes) -> bytes:
        """Return what comes with the next frame of the kind ``wanted``."""
        while True:
            kind, _, payload = self.read()
            if kind == wanted:
                return payload


@contextmanager
def serving(temporary: Path, quiet_s: float = 60) -> Iterator[Server]:
    packed = pack()
    command = [sys.executable, "-I", "-S", "-c", LINE, "serve", str(quiet_s), "null"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={"TMPDIR": str(temporary)}
    ) as process:
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(b"%d\n" % len(packed) + packed)
            process.stdin.flush()
            assert process.stdout.read(len(GREETING)) == GREETING
            server = Server(process)
            assert json.loads(server.until(b"f"))["python"] == ".".join(map(str, sys.version_info[:3]))
            yield server
        finally:
            process.kill()


def job(text: str, **more: Any) -> dict[str, Any]:
    return {"mode": "run", "request": {"run": 1}, "text": text, **more}


def test_it_ends_with_its_input_and_leaves_nothing(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        server.send(b"j", 1, job("import signal\nprint('x:', 1, flush=True)\nsignal.pause()"))
        process = psutil.Process(json.loads(server.until(b"s"))["pid"])
        assert server.until(b"o") != b""
        assert len(list(tmp_path.iterdir())) == 1
        assert server.process.stdin is not None
        server.process.stdin.close()
        assert server.process.wait(ENDS_WITHIN_S) == 0
        assert psutil.wait_procs([process], ENDS_WITHIN_S)[1] == []
    assert list(tmp_path.iterdir()) == []


def test_it_ends_when_nothing_comes_for_too_long(tmp_path: Path) -> None:
    with serving(tmp_path, quiet_s=0.5) as server:
        server.send(b"j", 1, job("import signal\nsignal.pause()"))
        process = psutil.Process(json.loads(server.until(b"s"))["pid"])
        assert server.process.wait(ENDS_WITHIN_S) == 0
        assert psutil.wait_procs([process], ENDS_WITHIN_S)[1] == []
    assert list(tmp_path.iterdir()) == []


def test_output_that_nobody_takes_waits_and_limits_hold_meanwhile(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        server.send(b"j", 1, job("while True:\n    print('x' * 99_999)", seconds=2))
        process = psutil.Process(json.loads(server.until(b"s"))["pid"])
        # Nothing is read from here on until the run has ended.
        assert psutil.wait_procs([process], ENDS_WITHIN_S)[1] == []
        assert psutil.Process(server.process.pid).memory_info().rss < 200 * 2**20
        assert json.loads(server.until(b"z"))["why"] == "seconds"


def test_a_whole_output_comes_however_slowly_it_is_taken(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        server.send(b"j", 1, job("import sys\nsys.stdout.write('x' * 10_000_000)"))
        taken = 0
        while True:
            kind, _, payload = server.read()
            taken += len(payload) if kind == b"o" else 0
            if kind == b"z":
                break
        assert taken == 10_000_000


@pytest.mark.parametrize("data", [HEADER.pack(b"j", 1, MAX_FRAME + 1), HEADER.pack(b"?", 1, 0)])
def test_what_nobody_sends_does_no_harm(tmp_path: Path, data: bytes) -> None:
    with serving(tmp_path) as server:
        assert server.process.stdin is not None
        server.process.stdin.write(data)
        server.process.stdin.flush()
        if data.startswith(b"?"):
            server.send(b"p", 7)
            assert json.loads(server.until(b"f"))["cores"] >= 1
        else:
            assert server.process.wait(ENDS_WITHIN_S) == 0
    assert data.startswith(b"?") or list(tmp_path.iterdir()) == []


def test_folders_are_looked_at_and_a_broken_tar_is_said(tmp_path: Path) -> None:
    (tmp_path / "looked").mkdir()
    (tmp_path / "looked" / "é").write_text("")
    with serving(tmp_path) as server:
        places = [str(tmp_path / "looked"), "/nowhere"]
        server.send(b"l", 1, {"states": places, "exists": places})
        before = json.loads(server.until(b"y"))
        assert before["exists"] == [True, False]
        (tmp_path / "looked" / "é").write_text("changed")
        server.send(b"l", 2, {"states": places, "exists": []})
        after = json.loads(server.until(b"y"))
        assert before["states"][0] != after["states"][0]
        assert before["states"][1] == after["states"][1]
        server.send(b"t", 3, b"no tar")
        assert "error" in json.loads(server.until(b"y"))
