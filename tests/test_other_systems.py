"""What is made for macOS and Windows, as far as it can be read and executed on Linux."""

import plistlib
import re
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image

from seedlab import APPLICATION_ID, APPLICATION_TITLE, __version__

ROOT = Path(__file__).parents[1]
PACKAGING = ROOT / "packaging"
HEADERS = Path(sysconfig.get_path("include"))
sys.path[:0] = [str(PACKAGING), str(PACKAGING / "macos"), str(PACKAGING / "windows")]

from icons import write_icns, write_ico  # noqa: E402
from identity import MIME_TYPE, identity  # noqa: E402
from info_plist import info_plist  # noqa: E402
from make_app import compile_launcher  # noqa: E402
from make_folder import write_command  # noqa: E402


def test_macos_is_told_who_seedlab_is_and_what_it_opens() -> None:
    about = plistlib.loads(info_plist(identity()))
    assert (about["CFBundleName"], about["CFBundleVersion"]) == (APPLICATION_TITLE, __version__)
    assert about["CFBundleIdentifier"] == APPLICATION_ID
    assert (about["CFBundleExecutable"], about["CFBundleIconFile"]) == ("seedlab", "seedlab.icns")
    (declared,) = about["UTExportedTypeDeclarations"]
    assert declared["UTTypeTagSpecification"]["public.filename-extension"] == ["seedlab"]
    owned = [each for each in about["CFBundleDocumentTypes"] if each["LSHandlerRank"] == "Owner"]
    assert [each["LSItemContentTypes"] for each in owned] == [[declared["UTTypeIdentifier"]]]
    assert re.fullmatch(r"\d+\.\d+(\.\d+)?", about["CFBundleShortVersionString"]), "Apple allows numbers alone"
    rights = plistlib.loads((PACKAGING / "macos/entitlements.plist").read_bytes())
    assert all(name.startswith("com.apple.security.cs.") and given is True for name, given in rights.items())


def test_icons_have_all_sizes(tmp_path: Path) -> None:
    write_icns(tmp_path / "x.icns")
    write_ico(tmp_path / "x.ico")
    with Image.open(tmp_path / "x.icns") as icns:
        sizes: Any = icns.info["sizes"]
        assert {width * scale for width, _, scale in sizes} == {32, 64, 128, 256, 512, 1024}
    with Image.open(tmp_path / "x.ico") as ico:
        assert ico.info["sizes"] == {(size, size) for size in (16, 24, 32, 48, 64, 128, 256)}
        assert ico.convert("RGBA").getchannel("A").getextrema() == (0, 255)


@pytest.mark.skipif(
    sys.platform != "linux" or not (HEADERS / "Python.h").exists() or not sysconfig.get_config_var("Py_ENABLE_SHARED"),
    reason="THE LAUNCHER OF seedlab.app IS NOT TESTED: there is no libpython with its headers",
)
def test_the_launcher_of_the_app_is_its_python(tmp_path: Path) -> None:
    """Compiled and executed here, with the Python at hand in the place of the one in the bundle."""
    contents = tmp_path / "a b.app" / "Contents"
    (contents / "MacOS").mkdir(parents=True)
    (contents / "Resources").mkdir()
    (contents / "Resources/python").symlink_to(HEADERS.parents[1])
    program = contents / "MacOS" / "seedlab"
    python = contents / "Resources/python"
    compile_launcher(python, program, str(sysconfig.get_config_var("LIBDIR")), '-DMODULE="code"')
    link = tmp_path / "link"
    link.symlink_to(program)
    asked = "sys.executable, sys.prefix, sys.argv[1:], os.environ.get('PYTHONPATH'), sys.flags.safe_path"
    asking = f"import os, sys\nprint({asked})\n"
    done = subprocess.run(
        [link, "-q"], input=asking, env={"PYTHONPATH": "/mine"}, capture_output=True, text=True, check=True, timeout=60
    )
    executable = python / "bin/python3"
    assert f"{executable} {python} ['-q'] /mine True\n" in done.stdout


def test_the_installer_names_what_is_there(tmp_path: Path) -> None:
    lines = (PACKAGING / "windows/seedlab.iss").read_text(encoding="utf-8").splitlines()
    write_command(tmp_path)
    command = (tmp_path / "seedlab.cmd").read_bytes()
    assert command.endswith(b"-m seedlab %*\r\n")
    text = "\n".join(lines)
    assert set(re.findall(r"\{app\}\\([\w.\\]+)", text)) == {"python", r"python\pythonw.exe", "seedlab.ico"}
    assert MIME_TYPE in text
    # What is known by its name is what the ending leads to.
    (kind,) = re.findall(r'"Software\\Classes\\\.seedlab"; ValueType: string; ValueData: "([^"]+)"', text)
    assert rf"Software\Classes\{kind}\shell\open\command" in text
    sections = [line for line in lines if line.startswith("[")]
    assert sections == list(dict.fromkeys(sections))
    tasks = set(re.findall(r'^Name: "(\w+)"; Description', text, re.MULTILINE))
    assert set(re.findall(r"Tasks: (\w+)", text)) == tasks


@pytest.mark.parametrize("path", sorted((ROOT / ".github/workflows").glob("*.yml")), ids=lambda path: path.name)
def test_workflows_name_scripts_that_are_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    workflow: dict[Any, Any] = yaml.safe_load(text)
    assert "Never run" in text.splitlines()[0] + text.splitlines()[1]
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    assert all("uses" in step or "run" in step for step in steps)
    for script in re.findall(r"(?:packaging|\.ci)/[\w/.]+", text):
        assert (ROOT / script).exists(), script
    runners = [job["runs-on"] for job in workflow["jobs"].values()]
    runners += [
        each["runs-on"]
        for job in workflow["jobs"].values()
        for each in job.get("strategy", {}).get("matrix", {}).get("include", [])
    ]
    assert {"ubuntu", "macos", "windows"} <= {runner.partition("-")[0] for runner in runners}
