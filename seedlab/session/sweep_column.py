"""A column with the seeds of one point of a sweep, written where the script has its own."""

from collections.abc import Sequence

from msgspec.structs import replace

from seedlab.errors import ChoiceError
from seedlab.inquiry.writing_seeds import with_seed
from seedlab.messages.sweeps import are_seeds, point_text, seed_column_text
from seedlab.phrases import sentence
from seedlab.session.arrangement import column_of
from seedlab.session.sweep_store import About
from seedlab.study.lab import Column


def column_of_point(column: Column, about: About, point: Sequence[int]) -> Column:
    """Return ``column``, of which ``about`` says what was swept, without runs and with the seeds of ``point``.

    Raise `ChoiceError` where it is not clear where they are to be written.
    """
    if column.experiment is not None:
        return column_of(column.experiment.choose(**dict(zip(about.turns, point, strict=True))))
    script = column.script
    if about.own is None or not about.sources:
        raise _not_clear()
    for sources, own, seed in zip(about.sources, about.own, point, strict=True):
        written = with_seed(script, sources, own, seed)
        if written is None:
            raise _not_clear()
        script = written
    program = column.program
    return replace(
        column,
        name=seed_column_text(column.name, point_text(point, is_seed=are_seeds(about.sources))),
        script=script,
        # Its file stays as it is: a changed copy runs where it lies.
        program=None if program is None else program.with_script(script, column.script),
        next_program=None,
        next_script=None,
        runs=(),
        influence=None,
    )


def _not_clear() -> ChoiceError:
    what = sentence("It is not clear where the script gets this seed from.")
    return ChoiceError("seeds", what, sentence("Write the one that you want there yourself."))
