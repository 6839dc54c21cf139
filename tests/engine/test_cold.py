"""Starting runs cold: time limits, cancelling, and that nothing is left behind."""

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest

from seedlab.engine.bounded_text import BoundedText
from seedlab.engine.executors.cold import ColdExecutor
from seedlab.engine.request import RunRequest
from seedlab.results.run import Outcome
from tests.helpers.launching import run_script


def process_exists(pid: int) -> bool:
    """Whether ``pid`` runs; a zombie that nobody has waited for yet does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_run_that_hangs_is_ended_at_its_time_limit() -> None:
    run = run_script("print('x:', 1, flush=True)\nimport signal\nsignal.pause()", timeout_s=1.5)
    assert (run.outcome, run.problem) == (Outcome.TIMED_OUT, "did not end within 1.5 seconds")
    assert [draw.label for draw in run.draws] == ["x"]


def test_a_run_that_ignores_sigterm_is_killed(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    script = f"""
        import os, signal
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        open({str(pid_file)!r}, "w").write(str(os.getpid()))
        while True:
            signal.pause()
        """
    assert run_script(script, timeout_s=1.5).outcome is Outcome.TIMED_OUT
    assert not process_exists(int(pid_file.read_text()))


@pytest.mark.alone
def test_a_grandchild_that_holds_the_pipes_open_neither_stalls_nor_survives(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    started = time.monotonic()
    run = run_script(
        f"""
        import subprocess, sys
        child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
        open({str(pid_file)!r}, "w").write(str(child.pid))
        print("x:", 1)
        """
    )
    assert run.outcome is Outcome.FINISHED
    assert time.monotonic() - started < 30
    assert not process_exists(int(pid_file.read_text()))


def test_cancelling_ends_the_process_and_goes_on(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    os.mkfifo(pid_file)
    script = f"import os, signal\nopen({str(pid_file)!r}, 'w').write(str(os.getpid()))\nsignal.pause()\n"

    async def start_and_cancel() -> int:
        task = asyncio.create_task(ColdExecutor().run(RunRequest(script=script, executable=sys.executable)))
        # Opening the fifo waits for the script: then it is certain to run.
        pid = int(await asyncio.to_thread(pid_file.read_text))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return pid

    assert not process_exists(asyncio.run(start_and_cancel()))


def test_an_executable_that_cannot_be_started_fails_the_run(tmp_path: Path) -> None:
    run = run_script("pass", executable=str(tmp_path / "missing"))
    assert run.outcome is Outcome.FAILED
    assert "cannot be started: No such file or directory" in run.problem


def test_the_folder_of_the_script_is_removed() -> None:
    run = run_script("import os\nprint(os.path.dirname(os.path.abspath(__file__)))\nopen(__file__ + '.left', 'w')")
    folder = Path(run.text.strip())
    assert folder.parent.name.startswith("seedlab-runs-")
    assert not folder.exists()


def test_no_descriptor_is_left_open() -> None:
    run_script("pass")
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        run_script("print('x:', 1)")
    assert len(os.listdir("/proc/self/fd")) <= before


@pytest.mark.parametrize(
    "pieces", [[b"abcdefghij"], [b"abc", b"", b"def", b"ghij"], [bytes([b]) for b in b"abcdefghij"]]
)
def test_bounded_text_keeps_both_ends_however_it_comes(pieces: list[bytes]) -> None:
    text = BoundedText(head=3, tail=4)
    for piece in pieces:
        text.add(piece)
    assert text.text() == "abc\n… 3 bytes left out …\nghij"


def test_bounded_text_decodes_only_whole_characters() -> None:
    text = BoundedText()
    for byte in "né€".encode():
        text.add(bytes([byte]))
    assert text.text() == "né€"
