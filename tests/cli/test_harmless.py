"""Text from outside in a terminal: none of it steers the terminal."""

import contextlib
import unicodedata

import pytest

from seedlab.analysis.analyst import analyse
from seedlab.cli.main import main
from seedlab.cli.terminal import ProgressBars, columns_text
from seedlab.results.environment import Interpreter
from seedlab.results.run import Outcome
from tests.helpers.values import column, draw, run, seed_set

BAD = "\x1b[2J\x9b\x07\u202e\u2028[red]"
SHOWN = r"\x1b[2J\x9b\x07\u202e\u2028[red]"


def assert_harmless(text: str) -> None:
    steering = {letter for letter in text if unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"}}
    assert steering <= {"\n"}
    assert "\u202e" not in text


def test_the_table_shows_what_would_steer_as_its_escape(capsys: pytest.CaptureFixture[str]) -> None:
    made = [
        column(
            run(1, draw(BAD, [1, 2]), trace=(seed_set(1, BAD, BAD),), notes=(BAD,)),
            run(2, draw(BAD, 1), outcome=Outcome.FAILED, problem=BAD, details=f"{BAD}\nlast line"),
            name=BAD,
            interpreter=Interpreter(executable=BAD, python=BAD),
        )
    ] * 2
    print(columns_text(made, analyse(made)), end="")
    printed = capsys.readouterr().out
    assert_harmless(printed)
    assert printed.count(SHOWN) >= 8
    assert "last line" in map(str.strip, printed.splitlines()), "a traceback keeps its lines"


def test_the_progress_shows_names_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressBars({1: BAD}, 2) as bars:
        bars.show({1: 2})
    assert_harmless(capsys.readouterr().err)


@pytest.mark.parametrize(
    "arguments", [["open", f"no{BAD}.png"], ["export", f"no{BAD}", "--to", "x.md"], [BAD], ["run", f"{BAD}.py"]]
)
def test_errors_quote_names_harmlessly(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with contextlib.suppress(SystemExit):
        assert main(arguments, lambda *_: 0) == 2
    printed = capsys.readouterr().err
    assert_harmless(printed)
    assert r"\x1b[2J" in printed


def test_a_name_that_is_no_utf8_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["open", "caf\udce9.seedlab"], lambda *_: 0) == 2
    assert r"caf\udce9.seedlab" in capsys.readouterr().err
