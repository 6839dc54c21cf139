"""Environments, made for real by uv and by venv and pip from packages of a local folder: all of one, or nothing."""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from seedlab.engine import desk
from seedlab.engine.environments import (
    being_made,
    check_name,
    environment_of,
    environments,
    free_name,
    remove,
    sweep,
)
from seedlab.engine.installers import Installer, NothingWantedError, Pip, Uv, found_installer
from seedlab.engine.new_environments import (
    SourcesNeededError,
    Wanted,
    check_installed,
    checked_requirements,
    look_up,
    make,
)
from seedlab.engine.pythons import find_executable
from seedlab.errors import EnvironmentRefusedError
from seedlab.results.environment import Interpreter
from seedlab.results.environments import Environment, Package, Plan, Report, Step
from tests.helpers.command_line import left_running, marked
from tests.helpers.package_index import PackageIndex, real_uv

HERE = Interpreter(executable=sys.executable, python=".".join(map(str, sys.version_info[:3])))
ELSEWHERE = "3.7"
WANTED = Wanted("study", ("tensorflow==1.9",), ("numpy<2",))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of all environments; in its names a space and a letter that is not ASCII."""
    data = tmp_path / "Ada’s data"
    monkeypatch.setenv("XDG_DATA_HOME", str(data))
    return data / "seedlab" / "environments"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PackageIndex:
    index = PackageIndex(tmp_path, monkeypatch)
    index.add("numpy", "1.8")
    index.add("numpy", "2.1")
    index.add("tensorflow", "1.9", needs="numpy")
    index.add("tensorflow", "1.15", tag=f"cp{ELSEWHERE.replace('.', '')}-none-any")
    return index


@pytest.fixture
def uv() -> Uv:
    return Uv(real_uv(), sys.executable)


async def yes(_plan: Plan) -> bool:
    return True


async def no(_plan: Plan) -> bool:
    return False


def made_by(
    installer: Installer,
    agrees: Callable[[Plan], Awaitable[bool]] = yes,
    wanted: Wanted = WANTED,
    report: Callable[[Report], object] = lambda _: None,
) -> tuple[Environment, Interpreter] | None:
    def title(packages: tuple[Package, ...]) -> str:
        return " ".join(f"{each.name} {each.version}" for each in packages if each.name == "tensorflow")

    return asyncio.run(make(installer, HERE, wanted, title=title, agrees=agrees, report=report))


@pytest.mark.parametrize("tool", ["uv", "pip"])
def test_it_has_what_was_said_before_and_agreed_to(
    index: PackageIndex, place: Path, uv: Uv, *, tool: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What a person has set otherwise does not count, and what pip leaves goes.
    elsewhere, temporary = tmp_path / "elsewhere", tmp_path / "temporary"
    with (tmp_path / "pip.conf").open("a") as settings:
        settings.write(f"[install]\ntarget = {elsewhere}\nuser = true\nupgrade = true\n")
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    plans: list[Plan] = []
    reports: list[Report] = []

    async def agrees(plan: Plan) -> bool:
        assert environments() == (), "offered before it is whole"
        plans.append(plan)
        return True

    # As an environment's own Python has no pip that could be asked, that of another one is.
    installer = uv if tool == "uv" else Pip(sys.executable)
    made = made_by(installer, agrees, report=reports.append)
    assert made is not None
    environment, interpreter = made
    sizes = {path.name.split("-")[0]: path.stat().st_size for path in index.folder.glob("*-1.[89]-*")}
    expected = {Package("tensorflow", "1.9", sizes["tensorflow"]), Package("numpy", "1.8", sizes["numpy"])}
    assert {*plans[0].packages} == expected
    assert (interpreter.version("tensorflow"), interpreter.version("numpy")) == ("1.9", "1.8")
    assert (environment.title, environment.made_by) == ("tensorflow 1.9", tool)
    assert environments() == (environment,)
    assert not elsewhere.exists()
    assert [each.name for each in temporary.iterdir() if not each.name.startswith("seedlab-runs-")] == []
    assert find_executable("study") == environment.executable
    assert [*dict.fromkeys(each.step for each in reports)] == [*Step]
    assert [*place.iterdir()] == [place / "study"], "only the environment is left"
    with pytest.raises(EnvironmentRefusedError, match="already"):
        made_by(installer)
    assert environments() == (environment,)
    remove(environment)
    assert [*place.iterdir()] == []


def test_nothing_is_left_where_nobody_agrees_or_it_fails(index: PackageIndex, place: Path, uv: Uv) -> None:
    assert made_by(uv, no) is None
    assert [*place.iterdir()] == []

    async def agrees(_plan: Plan) -> bool:
        for path in index.folder.iterdir():
            path.unlink()
        return True

    with pytest.raises(EnvironmentRefusedError):
        made_by(uv, agrees)
    assert [*place.iterdir()] == []


def test_a_python_without_a_wheel_is_told_with_those_that_have_one(index: PackageIndex, uv: Uv) -> None:
    del index
    found = asyncio.run(look_up(uv, ["tensorflow==1.15"], [HERE]))
    assert found.best is None
    assert found.elsewhere == (ELSEWHERE,)


@pytest.mark.parametrize("tool", ["uv", "pip"])
def test_the_newest_that_a_python_can_have_is_offered(index: PackageIndex, uv: Uv, tool: str) -> None:
    del index
    installer = uv if tool == "uv" else Pip(pip_python())
    old = Interpreter(executable="/no/python3.7", python=f"{ELSEWHERE}.16")
    found = asyncio.run(look_up(installer, ["tensorflow"], [HERE, old]))
    assert {offer.python: offer.version for offer in found.offers} == {HERE: "1.9", old: "1.15"}
    assert found.best is not None
    assert found.best.python == old


def test_uv_heeds_no_settings_in_the_temporary_folder(
    index: PackageIndex, uv: Uv, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Where anybody may write.
    temporary, theirs, own = tmp_path / "temporary", tmp_path / "theirs", tmp_path / "config/uv"
    for each in (temporary, theirs, own):
        each.mkdir(parents=True)
    index.add("tensorflow", "1.99").rename(theirs / "tensorflow-1.99-py3-none-any.whl")
    (temporary / "uv.toml").write_text(f"no-index = true\nfind-links = ['{theirs}']\n")
    (tmp_path / "uv.toml").rename(own / "uv.toml")
    monkeypatch.delenv("UV_CONFIG_FILE")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setattr(desk, "DESK", desk.Desk())
    found = asyncio.run(look_up(uv, ["tensorflow"], [HERE]))
    assert [offer.version for offer in found.offers] == ["1.9"]


def test_uv_that_is_set_to_install_elsewhere_is_refused(
    index: PackageIndex, place: Path, uv: Uv, tmp_path: Path
) -> None:
    del index
    with (tmp_path / "uv.toml").open("a") as settings:
        settings.write(f"[pip]\ntarget = '{tmp_path / 'elsewhere'}'\n")
    with pytest.raises(EnvironmentRefusedError, match=r"uv is set to install to .*elsewhere"):
        made_by(uv)
    assert not (tmp_path / "elsewhere").exists()
    assert [*place.iterdir()] == []


def test_what_was_not_installed_is_noticed(tmp_path: Path) -> None:
    for name in ("numpy-1.26.dist-info", "absl_py-2.0.dist-info"):
        about = tmp_path / "lib/python3.11/site-packages" / name
        about.mkdir(parents=True)
        package, version = name.removesuffix(".dist-info").split("-")
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
    check_installed(tmp_path, [Package("numpy", "1.26.0"), Package("absl-py", "2.0")])
    with pytest.raises(EnvironmentRefusedError, match="six was not installed"):
        check_installed(tmp_path, [Package("numpy", "1.26.0"), Package("six", "1.17")])
    with pytest.raises(EnvironmentRefusedError, match="numpy was not installed"):
        check_installed(tmp_path, [Package("numpy", "1.26.4")])


@pytest.mark.parametrize("tool", ["uv", "pip"])
def test_what_is_for_other_pythons_alone_is_said(index: PackageIndex, uv: Uv, tool: str) -> None:
    del index
    installer = uv if tool == "uv" else Pip(pip_python())
    with pytest.raises(NothingWantedError):
        asyncio.run(installer.newest("six; python_version<'3'", HERE.python))
    offers = asyncio.run(look_up(uv, ["six; python_version<'3'"], [HERE])).offers
    assert "is not for Python" in offers[0].problem


@pytest.mark.parametrize("tool", ["uv", "pip"])
def test_what_is_there_as_source_alone_is_not_executed_before_somebody_agrees(
    index: PackageIndex, place: Path, uv: Uv, tool: str, tmp_path: Path
) -> None:
    executed = tmp_path / "executed"
    index.add_source("olden", "1.0", f"open({str(executed)!r}, 'w')")
    installer = uv if tool == "uv" else Pip(sys.executable)
    address = f"olden @ {(index.folder / 'olden-1.0.tar.gz').as_uri()}"
    for requirement in ["olden"] if tool == "pip" else ["olden", address]:
        with pytest.raises(SourcesNeededError, match="execute what builds it"):
            made_by(installer, wanted=Wanted("study", (requirement,)))
    assert not executed.exists()
    assert [*place.iterdir()] == []


FAILED_BUILD = """
  error: subprocess-exited-with-error
  note: This error originates from a subprocess, and is likely not a problem with pip.
error: metadata-generation-failed

× Encountered error while generating package metadata.
╰─> See above for output.

note: This is an issue with the package mentioned above, not pip.
hint: See above for details.
"""


def pip_python() -> str:
    """A Python that has pip: this one, or the one that it was made of."""
    for python in (sys.executable, sys._base_executable):  # type: ignore[attr-defined]
        if subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0:
            return str(python)
    pytest.fail("NOT TESTED WITH PIP: neither this Python nor the one that it was made of has one")


def test_uv_is_taken_where_it_is_and_else_a_python_with_pip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bare_python: str
) -> None:
    assert asyncio.run(found_installer([])).name == "uv"
    monkeypatch.setenv("PATH", str(tmp_path))
    found = asyncio.run(found_installer([str(tmp_path / "gone"), bare_python, pip_python()]))
    assert found.name == "pip"
    with pytest.raises(EnvironmentRefusedError, match="neither uv nor a Python with pip"):
        asyncio.run(found_installer([bare_python]))


WORK = """
import asyncio, sys
from seedlab.engine.installers import Uv
from seedlab.engine.new_environments import make
from tests.engine.test_environments import HERE, WANTED
async def agrees(plan):
    print("planned", flush=True)
    await asyncio.sleep(600)
asyncio.run(make(Uv(sys.argv[1], sys.executable), HERE, WANTED, title=str, agrees=agrees))
"""


def test_one_that_was_killed_midway_is_not_offered_and_goes_when_the_next_is_made(
    index: PackageIndex, place: Path, uv: Uv
) -> None:
    del index
    command = [sys.executable, "-c", WORK, real_uv()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "planned\n"
            # While it goes on, nobody takes it for one that was left.
            sweep()
            assert (place / "study").is_dir()
            with pytest.raises(EnvironmentRefusedError, match="by another seedlab"):
                made_by(uv)
        finally:
            process.kill()
    assert (place / "study").is_dir()
    assert environments() == ()
    made = made_by(uv)
    assert made is not None
    assert environments() == (made[0],)


def test_only_what_seedlab_has_made_is_removed(place: Path, tmp_path: Path) -> None:
    folder = place / "mine"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin/python").symlink_to(sys.executable)
    (place / "elsewhere").symlink_to(tmp_path)
    with being_made("other"):
        note = (place / "other.half").read_bytes()
    (place / "elsewhere.half").write_bytes(note)
    (place / "mine.lock").touch()
    sweep()
    assert (folder / "bin/python").exists()
    assert (place / "elsewhere").is_symlink()
    assert environment_of("mine") is environment_of("elsewhere") is environment_of("../mine") is None
    for name in ("mine", "elsewhere"):
        with pytest.raises(EnvironmentRefusedError, match="no environment of seedlab"), being_made(name):
            pass
        sweep()
    assert (folder / "bin/python").exists()
    assert tmp_path.exists()
    assert free_name("mine") == "mine-2"


def test_one_in_use_is_not_removed(index: PackageIndex, place: Path, uv: Uv) -> None:
    del index
    made = made_by(uv)
    assert made is not None
    waiting = [made[0].executable, "-c", "print('begun', flush=True); input()"]
    with subprocess.Popen(waiting, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            with pytest.raises(EnvironmentRefusedError, match=f"in use by process {process.pid}"):
                remove(made[0])
            assert environments() == (made[0],)
        finally:
            process.kill()
    remove(made[0])
    assert [*place.iterdir()] == []


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "python3.11", "python", "con", "-x", "x.lock", "a b", "x" * 99])
def test_names_that_mean_something_else_are_refused(place: Path, name: str) -> None:
    with pytest.raises(EnvironmentRefusedError, match="cannot be the name"):
        check_name(name, place)


@pytest.mark.parametrize(
    "line", ["--index-url=http://x", "-e .", "a b", "numpy==2 --pre", "numpy==", "numpy\n--pre", "/etc/passwd"]
)
def test_what_names_no_package_is_refused(line: str) -> None:
    with pytest.raises(EnvironmentRefusedError, match="names no package"):
        checked_requirements([line])


@pytest.mark.parametrize("tool", ["uv", "pip"])
def test_an_index_that_cannot_be_reached_is_said(
    place: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, uv: Uv, tool: str
) -> None:
    # The port that is for discarding; nothing listens there.
    nowhere = "http://127.0.0.1:9/simple"
    for name, value in {"UV_DEFAULT_INDEX": nowhere, "PIP_INDEX_URL": nowhere}.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "none").touch()
    monkeypatch.setenv("UV_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    installer = uv if tool == "uv" else Pip(pip_python())
    with pytest.raises(EnvironmentRefusedError, match="cannot reach the package index"):
        asyncio.run(look_up(installer, ["tensorflow==1.15"], [HERE]))
    assert not place.exists()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("The virtual environment was not created successfully because ensurepip is not\\navailable.", "python3-venv"),
        ("Error: [Errno 28] No space left on device", "no room left"),
        ("something else", "venv failed: something else"),
        (FAILED_BUILD.replace("\n", "\\n"), "venv failed: Encountered error while generating package metadata"),
    ],
)
def test_what_keeps_venv_from_working_is_said_with_what_to_do(
    place: Path, tmp_path: Path, said: str, expected: str
) -> None:
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\nprintf '{said}\\n'\nexit 1\n")
    python.chmod(0o700)
    with pytest.raises(EnvironmentRefusedError, match=expected):
        asyncio.run(Pip(str(python)).make(place / "x", str(python)))


def test_cancelling_ends_what_is_being_built_and_leaves_nothing(
    index: PackageIndex, place: Path, tmp_path: Path, uv: Uv, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = tmp_path / "begun"
    os.mkfifo(begun)
    index.add_endless(begun)
    for name, value in marked(tmp_path).items():
        monkeypatch.setenv(name, value)

    async def cancelled() -> None:
        making = asyncio.create_task(make(uv, HERE, Wanted("slow", ("slow",)), title=str, agrees=yes, builds=True))
        beginning = asyncio.create_task(asyncio.to_thread(begun.read_bytes))
        await asyncio.wait([making, beginning], return_when=asyncio.FIRST_COMPLETED)
        if not beginning.done():
            # Nobody will begin any more.
            os.close(os.open(begun, os.O_RDWR | os.O_NONBLOCK))
        assert not making.done()
        assert left_running(tmp_path)
        making.cancel()
        with pytest.raises(asyncio.CancelledError):
            await making

    asyncio.run(cancelled())
    assert [*place.iterdir()] == []
    assert left_running(tmp_path) == []
