"""What is known of each script: found by hand, proved by plain runs."""

import json
from pathlib import Path

import msgspec

HERE = Path(__file__).parent
SCRIPTS = HERE / "scripts"
TRUTH = HERE / "truth.json"


class DrawTruth(msgspec.Struct, forbid_unknown_fields=True):
    """What is known of one draw."""

    moved_by: list[str]
    """The places of the sources that move it: file and line, as in ``":4"`` or ``"lab/noise.py:3"``."""
    differs: bool = False
    """True where runs of the script as it is draw different values."""
    takes_few_values: bool = False
    """True where turns may leave it as it is by chance."""
    helped_by: list[str] = []
    """What has to be held for it to repeat, where no seed decides."""
    is_not_known: bool = False
    """True where nothing that seedlab can hold makes it repeat."""


class ScriptTruth(msgspec.Struct, forbid_unknown_fields=True):
    """What is known of one script."""

    path: str
    """Relative to the folder of scripts."""
    sources: dict[str, str]
    """For the place of each source, the line that gives it a seed ``{}`` in a plain copy of the script."""
    draws: dict[str, DrawTruth]
    no_fix: dict[str, str] = {}
    """Why nothing a person writes makes a draw repeat, by its label; for all others that differ there is a fix."""


def all_truths() -> dict[str, ScriptTruth]:
    """Return what is known of each script, by its name."""
    return msgspec.json.decode(TRUTH.read_bytes(), type=dict[str, ScriptTruth])


def write_truths(truths: dict[str, ScriptTruth]) -> None:
    """Write what is known; fields at their defaults are left out."""
    plain = {
        name: {
            "path": truth.path,
            "sources": truth.sources,
            "draws": {label: _without_defaults(draw) for label, draw in truth.draws.items()},
            **({"no_fix": truth.no_fix} if truth.no_fix else {}),
        }
        for name, truth in truths.items()
    }
    TRUTH.write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")


def _without_defaults(draw: DrawTruth) -> dict[str, object]:
    fields = msgspec.to_builtins(draw)
    return {name: value for name, value in fields.items() if value or name == "moved_by"}


def folder_of(truth: ScriptTruth) -> Path:
    """Return the folder that has to be copied to execute the script elsewhere; a single file has none of its own."""
    return (SCRIPTS / truth.path).parent
