"""Help, versions, addresses and names that are nearly right."""

import os
import re
import shlex
from pathlib import Path

import pytest

from seedlab import __version__
from seedlab.cli import main as cli
from seedlab.cli.addresses import path_of
from seedlab.documents.writing import to_json
from seedlab.errors import DocumentError
from seedlab.libraries.registry import FAMILIES
from tests.cli.test_cli import opened
from tests.helpers.command_line import seedlab
from tests.helpers.documents import whole_lab


def test_the_address_of_a_file_opens_it(tmp_path: Path) -> None:
    document = tmp_path / "mein Würfel #1?.seedlab"
    document.write_bytes(to_json(whole_lab()))
    address = document.as_uri()
    assert "%20" in address
    for written in (address, address.replace("file:///", "file://localhost/"), address.replace("file:", "FILE:")):
        assert opened("open", written) == (0, [(None, document)])
    assert seedlab("export", address, "--to", str(tmp_path / "a.md")).returncode == 0
    assert (tmp_path / "a.md").exists()


def test_an_address_may_have_any_bytes() -> None:
    assert os.fsencode(path_of("file:///caf%E9.seedlab")) == b"/caf\xe9.seedlab"
    assert os.fsencode(path_of("file:///caf\udce9.seedlab")) == b"/caf\xe9.seedlab"
    for path in ("lab.seedlab", "C:/lab.seedlab", "a:b", "%20"):
        assert str(path_of(path)) == path


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://example.org/lab.seedlab", "http addresses are not opened. Download the file first."),
        ("HTTPS://example.org/lab.seedlab", "https addresses are not opened. Download the file first."),
        ("sftp://host/lab.seedlab", "sftp addresses are not opened. Download the file first."),
        ("file://server/lab.seedlab", "it is a file on another computer, “server”. Copy the file here first."),
        ("file://", "it names no file."),
        ("file:///a%00b", "it names no file."),
    ],
)
def test_other_addresses_are_refused_by_name(address: str, said: str) -> None:
    with pytest.raises(DocumentError) as caught:
        path_of(address)
    assert said in str(caught.value)
    for command in (["open", address], ["export", address, "--to", "a.md"]):
        done = seedlab(*command)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == f"seedlab: {caught.value}\n"


def test_the_version_has_a_short_option() -> None:
    for option in ("-V", "--version"):
        done = seedlab(option)
        assert (done.returncode, done.stdout, done.stderr) == (0, f"seedlab {__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "after-gaph"], "There is no preset “after-gaph”. Did you mean “after-graph”?"),
        (["script", "Numpy"], "There is no preset “Numpy”. Did you mean “numpy”?"),
        (["run", "zzz"], "There is no preset “zzz”. Choose one of: random"),
        (["run", "--library", "tensorflow-grahp"], "“tensorflow-grahp”. Did you mean “tensorflow-graph”?"),
        (["rnu", "random"], "There is no command “rnu”. Did you mean “run”? Choose one of: list"),
        (["--python", "py", "exprot"], "There is no command “exprot”. Did you mean “export”?"),
        (
            ["dance"],
            "Choose one of: list, script, run, check, why, sweep, open, export, talk, environment, doctor. Try “",
        ),
        (["run", "random", "--rusn", "3"], "not understood: --rusn 3. Did you mean “--runs”? Try “seedlab"),
        (["run", "random", "--grap-sed=3"], "not understood: --grap-sed=3. Did you mean “--graph-seed”?"),
        (["script", "random", "--sampel-size", "2"], "Did you mean “--sample-size”?"),
        (["export", "a", "--to", "b.md", "--papre", "dark"], "Did you mean “--paper”?"),
        (["--versoin"], "not understood: --versoin. Did you mean “--version”?"),
        (["run", "random", "--zzz"], "not understood: --zzz. Try “seedlab"),
    ],
)
def test_a_name_that_is_nearly_right_is_asked_for(arguments: list[str], said: str) -> None:
    done = seedlab(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_help_has_examples_the_exit_statuses_and_a_name_for_each_value() -> None:
    whole = seedlab("--help", COLUMNS="100").stdout
    run = seedlab("run", "--help", COLUMNS="100").stdout
    for text in (whole, run):
        assert "\nexamples:\n  seedlab" in text
        for status in (0, 1, 2, 130):
            assert re.search(rf"^  {status} +\S", text, re.MULTILINE), status
    for command in ("script", "open", "export"):
        assert f"\nexamples:\n  seedlab {command}" in seedlab(command, "--help").stdout
    assert "…" not in re.sub(r"GPU:0, …", "", run)
    for option in (
        "--library LIBRARY", "--placement PLACE", "--graph-seed SEED", "--op-seed SEED", "--device DEVICE",
        "--distribution NAME", "--sample-size N", "--draws-per-op N", "--sessions N", "--runs N", "--jobs N",
        "--timeout SECONDS", "--python EXE", "--json FILE", "--export FILE", "--size SIZE", "--scale FACTOR",
    ):  # fmt: skip
        assert f"\n  {option}" in run, option
    check = seedlab("check", "--help", COLUMNS="100").stdout
    for status in (0, 1, 2, 3, 130):
        assert re.search(rf"^  {status} +\S", check, re.MULTILINE), status
    for option in (
        "-m MODULE", "--folder FOLDER", "--env NAME=VALUE", "--variant TEXT", "--compare FILE [FILE ...]", "--yes",
    ):  # fmt: skip
        assert f"\n  {option}" in run, option
        assert f"\n  {option}" in check, option
    for option in ("--runs N", "--python EXE", "--timeout SECONDS", "--jobs N", "--json FILE", "--junit FILE"):
        assert f"\n  {option}" in check, option


@pytest.mark.parametrize("command", [[], ["script"], ["run"], ["check"], ["open"], ["export"]])
def test_the_examples_of_the_help_are_understood(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main([*command, "--help"], lambda *_: 1)
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    examples = [re.split(r"  | > ", line)[0] for line in lines if line.startswith("seedlab ") and "COMMAND" not in line]
    assert examples
    for example in examples:
        words = shlex.split(example)[1:]
        assert words[: len(command)] == command
        # What comes after “--” is for the script.
        _, rest = cli.make_parser().parse_known_args(words[: words.index("--")] if "--" in words else words)
        assert rest == [], example


def test_every_control_names_its_value() -> None:
    for family in FAMILIES.values():
        for control in family.controls:
            assert re.fullmatch("[A-Z]+", control.metavar)
