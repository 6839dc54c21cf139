"""What children of seedlab see of the variables: a person's own, and nothing that belongs to seedlab itself."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from seedlab.engine.child_environment import bundle_folders, child_environment, persons_own
from tests.helpers.command_line import COMMAND

LAUNCHED = ("LD_LIBRARY_PATH", "QT_PLUGIN_PATH", "PYTHONNOUSERSITE", "EMPTY")
"""What the launcher of the test changes beside PYTHONPATH."""
OF_A_PERSON = {"LD_LIBRARY_PATH": '/home/ada/lib:/opt/it\'s "$HOME"\n', "PYTHONPATH": "/home/ada/python", "EMPTY": ""}
SCRIPT = """
import json, os, sys
with open("seen.json", "w") as file:
    json.dump({name: os.environ[name] for name in os.environ if name not in ("_", "PWD", "OLDPWD", "SHLVL")}, file)
"""


def shell_function() -> str:
    """The function for launchers that the docstring gives them."""
    lines = (child_environment.__doc__ or "").splitlines()
    first = next(number for number, line in enumerate(lines) if line.strip().startswith("own() {"))
    last = next(number for number, line in enumerate(lines) if number > first and line.strip() == "}")
    return textwrap.dedent("\n".join(lines[first : last + 1]))


@pytest.mark.parametrize("start", ["cold", "spare", "fork"])
def test_scripts_see_what_a_person_had_set_and_not_what_a_launcher_did(tmp_path: Path, start: str) -> None:
    launcher, script, seen = tmp_path / "launcher", tmp_path / "script.py", tmp_path / "seen.json"
    noted = "".join(f"own {name} {tmp_path}/bundle/{name}\n" for name in LAUNCHED)
    source = Path(__file__).parents[2]
    # Twice, as where another seedlab has started this one.
    launcher.write_text(f'{shell_function()}\n{noted}{noted}own PYTHONPATH "{source}"\nexec "$@"\n')
    script.write_text(SCRIPT)
    before = {name: value for name, value in os.environ.items() if name not in LAUNCHED} | OF_A_PERSON
    subprocess.run([sys.executable, script], env=before, cwd=tmp_path, check=True)
    expected = json.loads(seen.read_text())
    seen.unlink()
    command = ["sh", str(launcher), *COMMAND, "run", str(script), "--runs", "1", "--start", start]
    ended = subprocess.run(command, env=before, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert json.loads(seen.read_text()) == expected


def test_what_the_windows_libraries_set_is_not_for_scripts() -> None:
    """PySide6 and qtpy change variables of the process that imports them."""
    program = """
        import os
        from seedlab.engine.child_environment import child_environment, remember_start
        before = dict(os.environ)
        remember_start()
        import seedlab.gui.main_window
        assert os.environ != before, "nothing is tested any more"
        assert child_environment() == before
    """
    # What another test has imported may have set them here already.
    environment = {
        name: os.environ[name] for name in ("PATH", "HOME", "QT_QPA_PLATFORM", "PYTHONPATH") if name in os.environ
    }
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=True, env=environment)


def test_a_persons_change_is_made_last() -> None:
    changed = child_environment([("SEEDLAB_TEST_ADDED", "1"), ("PATH", None), ("SEEDLAB_TEST_ABSENT", None)])
    assert changed == {
        **{name: value for name, value in os.environ.items() if name != "PATH"},
        "SEEDLAB_TEST_ADDED": "1",
    }


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"QT_PLUGIN_PATH": "/bundle/plugins", "LD_LIBRARY_PATH": "/bundle/lib:/home/ada/lib"},
         {"LD_LIBRARY_PATH": "/home/ada/lib"}),
        # “$here/lib:$LD_LIBRARY_PATH”, where there was nothing.
        ({"LD_LIBRARY_PATH": "/bundle/lib:"}, {}),
        ({"PWD": "/bundle/lib", "OLDPWD": "/bundle", "_": "/bundle/bin/seedlab", "EMPTY": ""},
         {"PWD": "/bundle/lib", "OLDPWD": "/bundle", "_": "/bundle/bin/seedlab", "EMPTY": ""}),
        ({"PYTHONPATH": "/bundles/other:relative::"}, {"PYTHONPATH": "/bundles/other:relative::"}),
        ({"APPDIR": "/bundle", "APPIMAGE": "/home/ada/seedlab.AppImage", "ARGV0": "seedlab", "OWD": "/home"}, {}),
        ({"APPDIR": "/another", "APPIMAGE": "/home/ada/terminal.AppImage"},
         {"APPDIR": "/another", "APPIMAGE": "/home/ada/terminal.AppImage"}),
        ({"__PYVENV_LAUNCHER__": "/Applications/Seedlab.app/Contents/MacOS/python"}, {}),
    ],
)  # fmt: skip
def test_what_lies_in_the_bundle_is_of_the_bundle(variables: dict[str, str], expected: dict[str, str]) -> None:
    assert persons_own(variables, [Path("/bundle")], is_frozen=False) == expected


def test_pyinstaller_keeps_what_a_person_had_set() -> None:
    variables = {
        "LD_LIBRARY_PATH": "/bundle/_internal", "LD_LIBRARY_PATH_ORIG": "/home/ada/lib",
        "_PYI_ARCHIVE_FILE": "/bundle/seedlab", "FILES": "new", "FILES_ORIG": "old",
    }  # fmt: skip
    expected = {"LD_LIBRARY_PATH": "/home/ada/lib", "FILES": "new", "FILES_ORIG": "old"}
    assert persons_own(variables, [Path("/bundle")], is_frozen=True) == expected
    # A program of PyInstaller in which a person works is not seedlab.
    assert persons_own(variables, [], is_frozen=False) == variables


def test_only_a_folder_that_holds_seedlab_with_its_python_is_its_bundle(tmp_path: Path) -> None:
    assert bundle_folders({"APPDIR": str(tmp_path)}) == ()
    assert bundle_folders({"APPDIR": sys.prefix}) == ()
    assert bundle_folders({"APPDIR": "/"}) == (Path("/"),)
