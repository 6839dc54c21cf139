"""What is printed, in real processes: draws, texts, and that a script prints what it always prints."""

import os
from pathlib import Path

import pytest

from seedlab.observer.wire import MAX_TEXT, MAX_TEXTS
from tests.helpers.launching import run_script
from tests.helpers.observing import execute_plainly, observe, python_of

PRINTS = """
import io, sys, threading
class Picky:
    def __str__(self):
        print("nested", 0.5)
        return "picky"
class Raising:
    def __str__(self):
        raise ValueError("no text")
class Name(str):
    def __str__(self):
        return "another name"
class Tee:
    def __init__(self, file): self.file = file
    def write(self, text): self.file.write(text.upper())
    def flush(self): self.file.flush()
class Full:
    def write(self, text): raise OSError("full")
class NoFile:
    pass
print("a", 1, sep="", end="")
print("b", 2, sep=" -> ", end="|\\n", flush=True)
print("c", 3, sep=None, end=None)
print(*range(3), sep=", ")
print(Picky(), Name("x"), 4)
print("é ü 漢", "\\x00\\x1b[31m")
print(); print(""); print("  ", end="")
for arguments, options in [
    ((Raising(),), {}), (("a", Raising()), {}), ((1,), {"sep": 1}), ((1,), {"end": 1}), ((1,), {"file": Full()}),
    ((1,), {"file": NoFile()}), ((1,), {"nothing": 1}), ((1,), {"sep": "", "end": "", "flush": 1, "nothing": 1}),
    (("\\ud800",), {}),
]:
    try:
        print(*arguments, **options)
    except Exception as error:
        print(type(error).__name__, error)
real = sys.stdout
for file in (Full(), NoFile(), None, io.StringIO(), Tee(real)):
    sys.stdout = file
    try:
        print("d:", 5, Raising() if type(file) is NoFile else "", flush=True)
    except Exception as error:
        real.write("%s %s\\n" % (type(error).__name__, error))
    finally:
        kept, sys.stdout = sys.stdout, real
    if type(file) is io.StringIO:
        print(repr(kept.getvalue()))
del sys.stdout
try:
    print("e:", 6)
except Exception as error:
    real.write("%s %s\\n" % (type(error).__name__, error))
sys.stdout = real
print("f:", 7, file=sys.stderr)
print("g:", 8, file=real)
thread = threading.Thread(target=print, args=("h:", 9)); thread.start(); thread.join()
list(map(print, "ij"))
sys.stdout.write("own line\\n")
print(sys.stdout is sys.__stdout__, print.__name__)
"""


@pytest.mark.parametrize("version", ["3.6", "3.7", "3.8", "3.11", "3.13"])
def test_a_script_prints_byte_for_byte_what_it_always_prints(version: str, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(PRINTS, encoding="utf-8")
    executable = python_of(version)
    plain, observed = (run(script, executable=executable) for run in (execute_plainly, observe))
    assert (observed.stdout, observed.stderr, observed.status) == (plain.stdout, plain.stderr, 0)
    assert "own line" in plain.stdout
    assert observed.report.notes == []


@pytest.mark.parametrize(
    "end", ["raise ValueError('no')", "print(1, file=Full())", "import sys; sys.stdout = Full(); print(1)"]
)
def test_a_script_that_fails_has_the_traceback_that_it_always_has(end: str, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    full = "class Full:\n    def flush(self): pass\n    def write(self, text):\n        raise OSError('full')\n"
    script.write_text(f"{full}print('x: 1')\n{end}\n", encoding="utf-8")
    plain, observed = execute_plainly(script), observe(script)
    assert (observed.stdout, observed.stderr, observed.status) == (plain.stdout, plain.stderr, plain.status)


def test_nothing_is_imported_for_it(tmp_path: Path, bare_python: str) -> None:
    script = tmp_path / "script.py"
    script.write_text("import sys\nprint('x:', 1)\nprint('loss: 0.5')\nprint(sorted(sys.modules))\n", encoding="utf-8")
    modules = observe(script, executable=bare_python).stdout
    for name in ("'re'", "'json'", "'difflib'"):
        assert name not in modules


@pytest.mark.parametrize(
    ("arguments", "draws"),
    [
        ('"a:", 1.5, "b:", 2.5', {"a": 1.5, "b": 2.5}),
        ('"loss", 0.1, "acc", [0.9, 1.0]', {"loss": 0.1, "acc": [0.9, 1.0]}),
        ('"epoch", 3, "of", 10, "loss =", 0.5', {"epoch": 3, "of": 10, "loss": 0.5}),
        ('"train", "loss:", 0.5', {"train loss": 0.5}),
        ('"a:", 1.5, ", b:", 2.5', {"a": 1.5, "b": 2.5}),
        ('{"loss": 0.5, "acc": [1, 2]}', {"loss": 0.5, "acc": [1, 2]}),
        ('"metrics:", {"loss": 0.5}', {"metrics/loss": 0.5}),
        ('3, "loss:", 0.5', {"line 1": 3, "loss": 0.5}),
        ('"a:", 1.5, sep=""', {"a": 1.5}),
        ('"a:", 1.5, end=""', {"a": 1.5}),
        ('"x", float("inf"), "y", -0.0', {"x": float("inf"), "y": -0.0}),
    ],
)
def test_labels_and_values_are_read_as_a_person_reads_them(arguments: str, draws: dict[str, object]) -> None:
    run = run_script(f"print({arguments})")
    assert {draw.label: draw.array.tolist() for draw in run.draws} == draws
    assert not any(draw.is_text for draw in run.draws)


@pytest.mark.parametrize(
    ("arguments", "label", "text"),
    [
        ('f"loss: {0.5:.4f}"', "loss", "loss: 0.5000"),
        ('f"loss {0.5:.2f} after {3} epochs"', "line 1", "loss 0.50 after 3 epochs"),
        ('"time:", 3.25, "s"', "time", "time: 3.25 s"),
        ('f"delay {0.5:.1f} s at {3} ms/step"', "line 1", "delay 0.5 s at 3 ms/step"),
        ('f"delay: {0.5:.1f} s"', "delay", "delay: 0.5 s"),
        ('"Start:", "2024-05-01"', "Start", "Start: 2024-05-01"),
        ('"x:", "text"', "x", "x: text"),
        ('"x", [1, "a"], sep="|"', "x", "x|[1, 'a']"),
        ("object()", "line 1", "<object object at ‹address›>"),
        ("None", "line 1", "None"),
        ('"Finished"', "line 1", "Finished"),
        (r'"a  b\n1   2\n"', "line 1", "a  b\n1   2"),
        ('{"loss": 0.5, "note": "x"}', "line 1", "{'loss': 0.5, 'note': 'x'}"),
        ('"\\x1b[1mloss\\x1b[0m: nan"', "loss", "loss: nan"),
    ],
)
def test_the_rest_is_text(arguments: str, label: str, text: str) -> None:
    (draw,) = run_script(f"print({arguments})").draws
    assert (draw.label, draw.dtype, draw.shape, draw.text, draw.line) == (label, "text", (), text, 1)


def test_a_heading_that_nothing_follows_is_a_text() -> None:
    run = run_script("print('Loading')\nprint('=' * 20)\nprint('Results')\nprint('acc:', 1)\nprint('Done')")
    assert [(draw.label, draw.is_text) for draw in run.draws] == [
        ("line 1", True),
        ("Results/acc", False),
        ("line 5", True),
    ]


def test_texts_are_found_again_by_line_and_occurrence() -> None:
    run = run_script(
        """
        for step in range(2):
            print(f"{step} done, loss {step / 3:.3f}")
        """
    )
    assert [(draw.label, draw.text) for draw in run.draws] == [
        ("line 3", "0 done, loss 0.000"),
        ("line 3 #2", "1 done, loss 0.333"),
    ]


def test_what_the_script_prints_is_not_told_twice() -> None:
    run = run_script(
        """
        import sys
        print("x:", 0.5)
        sys.stdout.write("working...")
        print("é loss: 0.25")
        print()
        sys.stdout.write("5 of 5\\n")
        print(list(range(500)))
        print("Done")
        """
    )
    assert {draw.label: draw.text for draw in run.draws if draw.is_text} == {
        "é loss": "é loss: 0.25",
        "line 9": "Done",
        "standard output": "working...5 of 5",
    }


def test_threads_that_print_at_once_leave_nothing_over() -> None:
    run = run_script(
        """
        import threading
        def work(name):
            for number in range(300):
                print(name, [number] * 50)
        threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        """
    )
    assert not any(draw.is_text for draw in run.draws)
    assert run.notes == ()


def test_what_a_library_prints_is_the_rest_of_standard_output(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "helper.py"
    package.parent.mkdir()
    package.write_text("def fit():\n    print('loss:', 0.5)\n", encoding="utf-8")
    (tmp_path / "own.py").write_text("def tell():\n    print('mine:', 1)\n", encoding="utf-8")
    script = tmp_path / "script.py"
    script.write_text(
        f"import sys; sys.path.append({str(package.parent)!r})\nimport helper, own\nhelper.fit()\nown.tell()\n",
        encoding="utf-8",
    )
    report = observe(script).report
    assert [(draw.label, draw.line) for draw in report.draws] == [("mine", 4)]
    assert report.printed.direct_bytes == len("mine: 1\n")


def test_what_is_too_long_is_named_and_compared_with_the_rest() -> None:
    run = run_script(f"for n in range(2):\n    print('x ' * {MAX_TEXT})\nprint('y: 1')")
    assert [draw.label for draw in run.draws] == ["y", "standard output"]
    (note,) = run.notes
    assert note.startswith("2 texts printed at line 2 are longer than 65,536 characters")


def test_texts_beyond_the_bound_are_named() -> None:
    run = run_script(f"for n in range({MAX_TEXTS} + 1):\n    print(f'{{n}} x')\nprint('y: 1')")
    assert len(run.draws) == MAX_TEXTS + 1
    assert run.draws[-1].label == "standard output"
    assert run.draws[-1].text == f"{MAX_TEXTS} x\ny: 1"
    assert [note.partition(" is ")[0] for note in run.notes] == ["a text printed at line 2", "a text printed at line 3"]


def test_of_long_streams_the_ends_are_compared() -> None:
    script = "import sys\nfor n in range(60_000):\n    sys.stdout.write('%d of all, a line in between\\n' % n)\n"
    run = run_script(script)
    (draw,) = run.draws
    assert draw.text.startswith("0 of all")
    assert draw.text.endswith("59999 of all, a line in between")
    assert "‹the middle is left out›" in draw.text
    assert len(draw.text) < 600_000
    (note,) = run.notes
    assert note.startswith("standard output is too long to be kept")


@pytest.mark.skipif("SEEDLAB_TF1_PYTHON" not in os.environ, reason="SEEDLAB_TF1_PYTHON names no Python 3.7")
def test_texts_of_python_3_7_with_tensorflow() -> None:
    script = """
import numpy as np
import tensorflow as tf
with tf.compat.v1.Session() as session:
    x = session.run(tf.random.uniform([2], seed=1))
print(f"mean: {x.mean():.3f}")
print("x", x, "and", {"a": [1]})
"""
    run = run_script(script, executable=os.environ["SEEDLAB_TF1_PYTHON"])
    assert [draw.label for draw in run.draws] == ["mean", "x", "and/a"]


@pytest.mark.parametrize(("minutes", "is_now"), [(0, True), (10, False)])
def test_a_time_of_day_is_the_clock_s_where_it_is_now(minutes: int, is_now: bool) -> None:
    run = run_script(
        f"""
        import datetime
        at = datetime.datetime.now() + datetime.timedelta(minutes={minutes})
        print(f"arrives at {{at:%H:%M}}:00")
        """
    )
    (arrival,) = run.draws
    assert arrival.label == "line 4"
    assert (arrival.text == "arrives at ‹time›") is is_now
