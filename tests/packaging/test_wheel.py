"""The sdist and the wheel are built from it, and the wheel is installed outside the tree and used there."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.metadata import Metadata
from packaging.requirements import Requirement

from seedlab import __version__
from seedlab.cli.main import make_parser
from seedlab.documents.files import read_lab
from seedlab.libraries.presets import PRESETS
from tests.packaging import installed_window

TREE = Path(__file__).parents[2]
ENOUGH_S = 200
"""For one command, on a busy machine."""
SHELLS = {
    "bash": "share/bash-completion/completions/seedlab",
    "zsh": "share/zsh/site-functions/_seedlab",
    "fish": "share/fish/vendor_completions.d/seedlab.fish",
}


class Installed:
    """An environment with the wheel, and nothing else but what the wheel says that it needs."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.folder = folder / "environment"
        self.elsewhere = folder / "elsewhere"
        self.elsewhere.mkdir()
        homes = {name: str(folder / name) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")}
        inherited = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
        self._environment = {**inherited, **homes}
        self.python = self.folder / "bin" / "python"
        self._uv("venv", "--python", sys.executable, str(self.folder))
        self.packages = next((self.folder / "lib").glob("python3.*/site-packages"))
        for needed in needed_by(wheel):
            link_into(self.packages, needed)
        self._uv("pip", "install", "--no-deps", "--python", str(self.python), str(wheel))

    def command(self, *arguments: str) -> str:
        """What the installed command prints to standard output; it must end as wished."""
        return self.run(str(self.folder / "bin" / "seedlab"), *arguments)

    def run(self, *command: str, folder: Path | None = None) -> str:
        done = subprocess.run(
            command,
            cwd=folder or self.elsewhere,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=ENOUGH_S,
        )
        assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        return done.stdout

    def _uv(self, *arguments: str) -> None:
        # `uv run` tells where it is.
        uv = os.environ.get("UV") or shutil.which("uv")
        assert uv is not None, "NOT TESTED: the wheel is installed by uv, which is not on the path"
        done = subprocess.run(
            [uv, *arguments, "--offline", "--quiet"],
            cwd=self.elsewhere,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=ENOUGH_S,
        )
        assert done.returncode == 0, f"uv {arguments} ended with {done.returncode}:\n{done.stdout}{done.stderr}"


def metadata_of(wheel: Path) -> str:
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(f"seedlab-{__version__}.dist-info/METADATA").decode()


def requirements(wheel: Path) -> list[Requirement]:
    found = [Requirement(line) for line in re.findall(r"^Requires-Dist: (.*)$", metadata_of(wheel), re.MULTILINE)]
    assert found
    return found


def needed_by(wheel: Path) -> list[Distribution]:
    """What is installed here of the wheel's declared requirements, with theirs, at the end of all."""
    waiting = requirements(wheel)
    found: dict[str, Distribution] = {}
    while waiting:
        requirement = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            here = distribution(requirement.name)
        except PackageNotFoundError:
            pytest.fail(f"the wheel needs {requirement}, which is not in the environment of the tests")
        assert requirement.specifier.contains(here.version, prereleases=True), f"{requirement}, and not {here.version}"
        if requirement.name not in found:
            found[requirement.name] = here
            waiting += map(Requirement, here.requires or ())
    return list(found.values())


def link_into(packages: Path, needed: Distribution) -> None:
    """Let ``needed`` be importable from ``packages``, without copying gigabytes."""
    for name in dict.fromkeys(path.parts[0] for path in needed.files or ()):
        place = packages / name
        if name not in {"..", "__pycache__"} and not place.exists():
            place.symlink_to(Path(str(needed.locate_file(name))))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an sdist of this tree, and of the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(TREE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (wheel,) = built.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Iterator[Installed]:
    folder = tmp_path_factory.mktemp("installed")
    yield Installed(folder, wheel)
    shutil.rmtree(folder)


def test_an_index_would_take_both(built: Path, wheel: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2]: name for name in archive.getnames()}
        said = archive.extractfile(names["PKG-INFO"])
        assert said is not None
        same = said.read().decode()
    assert {"README.md", "CHANGELOG.md", "LICENSE", "packaging/build_hook.py", "tests/conftest.py"} <= set(names)
    assert same == metadata_of(wheel)
    # Refuses what the specifications do.
    metadata = Metadata.from_email(same, validate=True)
    assert metadata.description_content_type == "text/markdown"
    assert metadata.license_expression == "MIT"
    assert metadata.project_urls is not None
    assert {"Homepage", "Source", "Issues", "Changelog"} <= set(metadata.project_urls)


def test_the_pictures_of_the_readme_are_found_from_an_index_page(wheel: Path) -> None:
    addresses = re.findall(r"\]\(([^)]*)\)", metadata_of(wheel))
    assert [address for address in addresses if not address.startswith("https://")] == []
    there = f"https://github.com/seedlab/seedlab/raw/v{__version__}/"
    pictures = [address.removeprefix(there) for address in addresses if address.startswith(there)]
    assert len(pictures) == (TREE / "README.md").read_text(encoding="utf-8").count("![") > 0
    assert [picture for picture in pictures if not (TREE / picture).is_file()] == []


@pytest.mark.parametrize(
    ("python", "system", "machine", "has_it"),
    [
        ("3.11", "linux", "x86_64", True),
        ("3.13", "linux", "aarch64", True),
        ("3.12", "darwin", "arm64", True),
        ("3.13", "win32", "AMD64", True),
        ("3.14", "linux", "x86_64", False),
        ("3.14", "win32", "AMD64", False),
        ("3.12", "darwin", "x86_64", False),
        ("3.12", "linux", "riscv64", False),
    ],
)
def test_tensorflow_comes_along_where_it_has_wheels_and_qt_everywhere(
    wheel: Path, python: str, system: str, machine: str, has_it: bool
) -> None:
    where = {"python_version": python, "sys_platform": system, "platform_machine": machine, "extra": ""}
    needed = [each.name for each in requirements(wheel) if each.marker is None or each.marker.evaluate(where)]
    assert needed.count("tensorflow") == has_it
    assert needed.count("pyside6-essentials") == 1


def test_all_that_it_imports_is_declared(installed: Installed) -> None:
    modules = [
        ".".join(path.relative_to(TREE).with_suffix("").parts).removesuffix(".__init__")
        for path in sorted((TREE / "seedlab").rglob("*.py"))
    ]
    # Only where another package is asked for: a cluster's, and what the doors stand in front of.
    optional = [name for name in modules if name.endswith((".doors", "cluster_connection", "observer.tasks"))]
    imports = "\n".join(f"import {name}" for name in modules if name not in optional)
    said = installed.run(
        str(installed.python), "-P", "-c", f"{imports}\nimport sys; print(sys.modules['seedlab'].__file__)"
    )
    assert Path(said.strip()).is_relative_to(installed.folder)


def test_commands(installed: Installed) -> None:
    assert installed.command("--version") == f"seedlab {__version__}\n"
    assert set(PRESETS) <= set(re.findall(r"[\w-]+", installed.command("list")))
    assert "np.random" in installed.command("script", "numpy")


@pytest.mark.parametrize("preset", ["numpy", "after-graph"])
def test_runs(installed: Installed, preset: str) -> None:
    picture = installed.elsewhere / f"{preset}.png"
    said = installed.command("run", preset, "--export", str(picture))
    assert "repeats" in said
    assert len(read_lab(picture).columns[0].runs) == 3


def test_its_window_makes_runs_exports_a_picture_and_closes(installed: Installed) -> None:
    picture = installed.elsewhere / "window.png"
    script = str(Path(installed_window.__file__))
    installed.run(str(installed.python), "-P", script, "numpy", str(picture), str(TREE))
    assert len(read_lab(picture).columns[0].runs) == 3


def test_its_types_are_seen_by_mypy(installed: Installed) -> None:
    program = "import seedlab; reveal_type(seedlab.__version__); seedlab.__version__ + 1"
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--python-executable",
        str(installed.python),
        "--config-file=",
        "-c",
        program,
    ]
    cache = ["--cache-dir", str(installed.elsewhere / "mypy")]
    done = subprocess.run([*command, *cache], cwd=installed.elsewhere, capture_output=True, text=True, check=False)
    assert 'Revealed type is "str"' in done.stdout, done.stdout + done.stderr
    assert "Unsupported operand types" in done.stdout


def test_its_manual_names_each_command_and_its_options(
    installed: Installed, capsys: pytest.CaptureFixture[str]
) -> None:
    manual = (installed.folder / "share" / "man" / "man1" / "seedlab.1").read_text(encoding="utf-8")
    plain = manual.replace("\\-", "-")
    commands = re.findall(r"^    ([a-z]+) ", make_parser().format_help(), re.MULTILINE)
    assert len(commands) >= 10
    for command in commands:
        assert f".SS \\fBseedlab {command}\\fR" in plain
        with pytest.raises(SystemExit):
            make_parser().parse_args([command, "--help"])
        options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}
        assert {option for option in options if option not in plain} == set()
    if shutil.which("man") is None:
        pytest.skip("NOT TESTED: how the manual is shown, because there is no man here")
    done = subprocess.run(
        ["man", "--warnings", "-l", str(installed.folder / "share" / "man" / "man1" / "seedlab.1")],
        env={**os.environ, "MANWIDTH": "80", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "seedlab run before-graph after-graph" in done.stdout


COMPLETED = {
    "seedlab sw": {"sweep"},
    "seedlab run after-": {"after-graph", "after-op"},
    "seedlab run random train": {"train.py"},
    "seedlab run --library tensorflow-d": {"tensorflow-data", "tensorflow-device"},
    "seedlab talk wh": {"where-did-my-seed-go"},
    "seedlab run --expo": {"--export"},
}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_completes(installed: Installed, tmp_path: Path, shell: str) -> None:
    file = installed.folder / SHELLS[shell]
    assert file.is_file()
    if shutil.which(shell) is None:
        pytest.skip(f"NOT TESTED: completions for {shell}, which is not here")
    (tmp_path / "train.py").touch()
    assert OFFERS[shell](installed, file, tmp_path) == COMPLETED


Offered = dict[str, set[str]]


def offered_by_bash(installed: Installed, file: Path, folder: Path) -> Offered:
    asked = '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _shtab_seedlab; printf "%s\\n" "${COMPREPLY[@]}"'
    command = ["bash", "--norc", "-c", asked, str(file)]
    return {line: set(installed.run(*command, *line.split(" "), folder=folder).split()) for line in COMPLETED}


def offered_by_fish(installed: Installed, file: Path, folder: Path) -> Offered:
    asked = f"source '{file}'; complete -C $argv[1]"
    said = {line: installed.run("fish", "--no-config", "-c", asked, line, folder=folder) for line in COMPLETED}
    return {line: {offer.partition("\t")[0] for offer in text.splitlines()} for line, text in said.items()}


def offered_by_zsh(installed: Installed, file: Path, folder: Path) -> Offered:
    # Only a terminal completes: zsh has one of its own. What would be listed goes to a file.
    (folder / "prepare").write_text(
        f"""
        fpath=({file.parent} $fpath)
        autoload -Uz compinit
        compinit -D -u
        compadd() {{
            local -a found
            builtin compadd -O found "$@"
            print -l -- $found >>offered
            builtin compadd "$@"
        }}
        complete-and-say() {{
            zle expand-or-complete
            print completed
        }}
        zle -N complete-and-say
        bindkey ^T complete-and-say
        print ready
        """,
        encoding="utf-8",
    )
    asked = """
        zmodload zsh/zpty
        zpty shell zsh -f -i
        zpty -w shell "source ./prepare"
        zpty -r shell said '*ready*'
        for line in "$@"; do
            print -r -- "= $line" >>offered
            zpty -w -n shell "$line"$'\\C-t'
            zpty -r shell said '*completed*'
            zpty -w -n shell $'\\C-u'
        done
        zpty -d shell
    """
    installed.run("zsh", "-f", "-c", asked, "zsh", *COMPLETED, folder=folder)
    parts = (folder / "offered").read_text(encoding="utf-8").split("= ")[1:]
    return {line: set(offers.split()) for line, _, offers in (part.partition("\n") for part in parts)}


OFFERS = {"bash": offered_by_bash, "zsh": offered_by_zsh, "fish": offered_by_fish}
