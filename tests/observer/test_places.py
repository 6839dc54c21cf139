"""Where events happen: in the script, in a module of the person's beside it, or in neither."""

from pathlib import Path

import pytest

from seedlab.results.trace import Source
from tests.helpers.observing import execute_plainly, observe


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("helper.py", "package/__init__.py", "package/part.py", "lib/site-packages/installed.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("import random\n\ndef seed(n):\n    random.seed(n)\n", encoding="utf-8")
    return tmp_path


def places(script: Path) -> list[tuple[str | None, int | None]]:
    observed = observe(script)
    assert observed.stderr == ""
    return [(event.file, event.line) for event in observed.report.trace if isinstance(event, Source)]


def test_an_event_is_in_the_nearest_file_of_the_person_s(folder: Path) -> None:
    script = folder / "script.py"
    text = """import sys
sys.path.append(sys.path[0] + "/lib/site-packages")
import random, helper, installed
from package import part
random.seed(1)
helper.seed(2)
part.seed(3)
installed.seed(4)
exec("random.seed(5)")
"""
    script.write_text(text, encoding="utf-8")
    assert places(script) == [(None, 5), ("helper.py", 4), ("package/part.py", 4), (None, 8), (None, 9)]


def test_a_draw_stands_at_the_line_of_the_script(folder: Path) -> None:
    (folder / "helper.py").write_text("def show():\n\n\n    print('x:', 1)\n", encoding="utf-8")
    script = folder / "script.py"
    script.write_text("import helper\nhelper.show()\n", encoding="utf-8")
    assert [draw.line for draw in observe(script).report.draws] == [2]


def test_an_event_may_have_no_place(folder: Path) -> None:
    script = folder / "script.py"
    script.write_text("import atexit, random\natexit.register(random.seed, 1)\n", encoding="utf-8")
    assert places(script) == [(None, None)]


def test_a_script_that_is_a_link_finds_the_modules_beside_what_it_points_to(folder: Path, tmp_path: Path) -> None:
    (folder / "script.py").write_text("import sys, helper\nhelper.seed(1)\nprint(sys.path[0])", encoding="utf-8")
    other = tmp_path / "other"
    other.mkdir()
    link = other / "link.py"
    link.symlink_to(folder / "script.py")
    assert observe(link).stdout == execute_plainly(link).stdout
    assert places(link) == [("helper.py", 4)]


def test_a_script_gets_its_arguments_folder_and_environment(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    text = "import os, sys\nprint(sys.argv[1:], sys.orig_argv[2:], os.getcwd(), os.environ['SEEDLAB_TEST'])"
    script.write_text(text, encoding="utf-8")
    arguments = ("--epochs", "3", "ä 😀")
    observed = observe(
        script, *arguments, folder=str(tmp_path), environment={"SEEDLAB_TEST": "value"}, run=1, holds=[], turns=[]
    )
    assert observed.stderr == ""
    assert observed.stdout == f"{list(arguments)} {list(arguments)} {tmp_path} value\n"
