"""The host side of a run: one job executed here and what came of it, by any Python, and many at once in one loop."""

import base64
import importlib.resources
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from seedlab.engine.packing import pack
from seedlab.engine.protocol import Report
from seedlab.observer import hosting
from tests.helpers.observing import environment, python_of

ENDS_WITHIN_S = 20
SOURCE = importlib.resources.files("seedlab.observer").joinpath("hosting.py").read_text(encoding="utf-8")
WAIT = "import signal\nwhile True:\n    signal.pause()\n"
# What leaves the group, the session and its parents is to end too.
DAEMON = """
import os, sys
if os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
    open(sys.argv[1], "w").write(str(os.getpid()))
    import signal
    signal.pause()
os.wait()
open(sys.argv[1]).read()
"""


def job_of(text: str | None, *arguments: str, script: str | None = None, **more: Any) -> dict[str, Any]:
    return {"mode": "run", "request": {"run": 1, "script": script, "arguments": arguments}, "text": text, **more}


def executed(job: dict[str, Any], **options: Any) -> dict[str, Any]:
    result: dict[str, Any] = hosting.execute_here(pack(), job, **options)
    return result


def text_of(stream: dict[str, Any]) -> str:
    return bytes(stream["first"] + stream["last"]).decode()


def report_of(result: dict[str, Any]) -> Report:
    report = Report()
    report.add(result["report"])
    return report


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made during the test; at its end none may be left."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


def test_a_run_has_streams_a_report_and_an_end(place: Path) -> None:
    result = executed(job_of("import sys\nprint('x:', 1.5)\nprint('no', file=sys.stderr)\nprint(sys.argv[1:])", "ä"))
    assert (result["status"], result["killed"], result["is_lost"], result["why"]) == (0, 0, False, "")
    assert text_of(result["stdout"]) == "x: 1.5\n['ä']\n"
    assert text_of(result["stderr"]) == "no\n"
    assert [draw.label for draw in report_of(result).draws] == ["x", "line 4"]
    assert not list(place.iterdir())


@pytest.mark.parametrize("version", ["3.6", "3.7", "3.8", "3.11"])
def test_it_goes_by_value_to_any_python(version: str, tmp_path: Path) -> None:
    (tmp_path / "packed").write_bytes(pack())
    program = (
        "import json, sys\nnames = {'__name__': 'hosting'}\nexec(json.loads(sys.argv[1]), names)\n"
        "result = names['execute_here'](open(sys.argv[2], 'rb').read(), json.loads(sys.argv[3]))\n"
        "print(json.dumps([result['status'], result['stdout']['first'].decode('utf-8'), len(result['report']) > 0]))"
    )
    script = "import os, sys\nprint('x:', 2, os.environ['ONE'], sys.argv[1], '%d.%d' % sys.version_info[:2])"
    job = json.dumps(job_of(script, "é", environment={"ONE": "ü"}))
    command = [python_of(version), "-c", program, json.dumps(SOURCE), str(tmp_path / "packed"), job]
    ended = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**environment(), "PYTHONIOENCODING": "utf-8"}
    )
    assert ended.stderr == ""
    assert json.loads(ended.stdout) == [0, f"x: 2 ü é {version}\n", True]


def test_what_a_script_leaves_running_is_ended(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pid")
    result = executed(job_of(DAEMON, str(tmp_path / "pid")))
    assert (result["status"], result["killed"]) == (0, 1)


def test_a_time_limit_and_a_number_of_processes_hold(place: Path) -> None:
    slow = executed(job_of("print('x:', 1, flush=True)\n" + WAIT, seconds=0.5))
    assert (slow["status"], slow["why"], text_of(slow["stdout"])) == (-signal.SIGTERM, "seconds", "x: 1\n")
    many = executed(job_of("import os\nwhile True:\n    if os.fork() == 0:\n        os.fork()\n" + WAIT, processes=20))
    assert many["why"] == "processes"
    assert not list(place.iterdir())


def test_what_ignores_the_wish_to_end_is_killed(tmp_path: Path) -> None:
    deaf = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nopen({0!r}, 'w').close()\n" + WAIT
    mark = tmp_path / "deaf"
    result = executed(job_of(deaf.format(str(mark))), is_wanted=lambda: not mark.exists())
    assert (result["status"], result["why"]) == (-signal.SIGKILL, "stopped")


def test_long_output_keeps_its_two_ends_and_may_go_elsewhere() -> None:
    script = "import sys\nfor n in range(40):\n    sys.stdout.write(chr(65 + n) * 100_000)"
    result = executed(job_of(script))
    assert result["stdout"]["dropped"] == 4_000_000 - 2 * hosting.KEPT_BYTES
    assert result["stdout"]["last"].endswith(b"h" * 100_000)
    taken: list[bytes] = []
    result = executed(job_of(script), take=lambda name, data: taken.append(data) if name == "stdout" else None)
    assert len(b"".join(taken)) == 4_000_000
    assert "stdout" not in result


@pytest.mark.parametrize(
    ("job", "why"),
    [
        (job_of("pass", python="/nowhere/python"), "failed"),
        (job_of("pass", folder="/nowhere"), "no folder"),
        (job_of(None, script="/nowhere/script.py", expected="pass"), "no script"),
        (job_of(None, script=os.__file__, expected="pass"), "other script"),
    ],
)
def test_what_cannot_start_says_why(job: dict[str, Any], why: str, place: Path) -> None:
    result = executed(job)
    assert (result["status"], result["why"]) == (None, why)
    assert result["what"] or why == "failed"
    assert not list(place.iterdir())


def test_a_script_that_lies_here_is_executed_where_it_lies(tmp_path: Path) -> None:
    script = tmp_path / "own.py"
    script.write_text("print(__file__)\nopen('made', 'w')\n")
    request = job_of(None, script=str(script), expected=script.read_text(), folder=str(tmp_path))
    request["request"]["folder"] = str(tmp_path)
    result = executed(request)
    assert text_of(result["stdout"]) == f"{script}\n"
    assert (tmp_path / "made").exists()


@pytest.mark.parametrize("is_copied", [False, True])
def test_a_folder_can_be_seen_privately(tmp_path: Path, *, is_copied: bool) -> None:
    script = tmp_path / "own.py"
    script.write_text("raise SystemExit(3)\n")
    (tmp_path / "data").write_text("there")
    changed = base64.b64encode(b"print(open('data').read(), __file__)\nopen('made', 'w').close()\n").decode()
    job = job_of(None, script=str(script), private=[str(tmp_path)], changes=[[str(script), changed]])
    job["request"]["folder"] = str(tmp_path)
    result = executed({**job, "is_copied": is_copied})
    if result["why"] == "unviewed":
        pytest.skip(f"NOT TESTED: this system gives no private views ({result['what']})")
    path = text_of(result["stdout"]).removeprefix("there ").strip()
    assert (path == str(script)) is not is_copied
    assert (result["status"], Path(path).name) == (0, "own.py")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["data", "own.py"]
    assert script.read_text() == "raise SystemExit(3)\n"


class Listener:
    """Takes what a host tells."""

    def __init__(self) -> None:
        self.output: dict[tuple[int, str], bytes] = {}
        self.ends: dict[int, dict[str, Any]] = {}
        self.started: dict[int, int] = {}

    def tell(self, number: int, event: str, value: Any) -> None:
        if event == "ended":
            self.ends[number] = value
        elif event == "started":
            self.started[number] = value["pid"]
        else:
            self.output[number, event] = self.output.get((number, event), b"") + value


@contextmanager
def host() -> Iterator[tuple[hosting.Host, Listener]]:
    listener = Listener()
    made = hosting.Host(pack(), listener.tell)
    try:
        yield made, listener
    finally:
        made.close()


def parent(mode: str, *modules: str) -> dict[str, Any]:
    return {"mode": mode, "request": {"modules": modules, "renew": []}}


def handed(run: int, text: str, **more: Any) -> dict[str, Any]:
    job = job_of(text, **more)
    job["request"]["run"] = run
    return job


@pytest.mark.parametrize("mode", ["fork", "spare"])
def test_a_prepared_process_takes_runs(mode: str, place: Path) -> None:
    runs = (11, 12) if mode == "fork" else (11,)
    with host() as (made, listener):
        made.start(1, parent(mode, "string"))
        while b"\n" not in listener.output.get((1, "answer"), b""):
            made.step(1)
        for run in runs:
            made.hand_over(run, 1, handed(run, f"import sys\nprint('x:', {run}, 'string' in sys.modules)"))
        while not set(runs) <= set(listener.ends):
            made.step(1)
        for run in runs:
            assert listener.ends[run]["status"] == 0
            assert listener.output[run, "stdout"] == f"x: {run} True\n".encode()
            assert len(listener.output[run, "report"]) > 0
        assert (1 in listener.ends) is (mode == "spare")
    assert not list(place.iterdir())


def test_a_run_of_a_parent_is_ended_alone_or_with_it() -> None:
    with host() as (made, listener):
        made.start(1, parent("fork"))
        for run in (11, 12, 13):
            made.hand_over(run, 1, handed(run, WAIT, seconds=0.3 if run == 12 else None))
        while len(listener.started) < 4 or 12 not in listener.ends:
            made.step(1)
        made.end(11, "stopped")
        while 11 not in listener.ends:
            made.step(1)
        assert [listener.ends[run]["why"] for run in (11, 12)] == ["stopped", "seconds"]
        assert 13 not in listener.ends
        last = psutil.Process(listener.started[13])
        made.end(1)
        while set(listener.ends) != {1, 11, 12, 13}:
            made.step(1)
        assert psutil.wait_procs([last], ENDS_WITHIN_S)[1] == []
        made.hand_over(14, 1, handed(14, "pass"))
        while 14 not in listener.ends:
            made.step(1)
        assert (listener.ends[14]["status"], listener.ends[14]["why"]) == (None, "gone")


def test_output_that_nobody_reads_waits_where_it_is_made() -> None:
    with host() as (made, listener):
        made.start(1, job_of("import sys\nsys.stdout.write('x' * 5_000_000)"))
        while (1, "stdout") not in listener.output:
            made.step(1)
        made.pause()
        read = len(listener.output[1, "stdout"])
        for _ in range(8):
            made.step(0.1)
        assert len(listener.output[1, "stdout"]) == read < 5_000_000
        made.resume()
        while 1 not in listener.ends:
            made.step(1)
        assert len(listener.output[1, "stdout"]) == 5_000_000


def test_all_ends_with_the_process_that_hosts_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pids")
    (tmp_path / "temporary").mkdir()
    program = f"""
from seedlab.engine.packing import pack
from seedlab.observer import hosting
made = hosting.Host(pack(), lambda *_: None)
made.start(1, {{"mode": "fork", "request": {{"modules": [], "renew": []}}}})
text = "import os\\nopen({str(tmp_path / "pids")!r}, 'w').write(str(os.getpid()) + ' ')\\n" + {WAIT!r}
made.hand_over(2, 1, {{"mode": "run", "request": {{"run": 2}}, "text": text}})
while True:
    made.step(1)
"""
    variables = {**os.environ, "TMPDIR": str(tmp_path / "temporary"), "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen([sys.executable, "-c", program], env=variables) as hosted:
        psutil.Process(int((tmp_path / "pids").read_text()))
        started = [
            each for each in psutil.process_iter() if each.pid != hosted.pid and is_in(each, tmp_path / "temporary")
        ]
        assert len(started) >= 4
        hosted.kill()
        assert psutil.wait_procs(started, ENDS_WITHIN_S)[1] == []
    assert len(list((tmp_path / "temporary").iterdir())) == 1
    again = f"{program.partition('made.start')[0]}\nmade.close()"
    ended = subprocess.run([sys.executable, "-c", again], env=variables, check=False)
    assert ended.returncode == 0
    assert not list((tmp_path / "temporary").iterdir())


def is_in(process: psutil.Process, temporary: Path) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE and process.environ().get("TMPDIR") == str(temporary)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
