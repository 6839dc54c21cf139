"""A preset: an experiment with a name, a question, and what its runs have to show for the answer to be given."""

import msgspec

from seedlab.study.experiment import Experiment


class Expectation(msgspec.Struct, frozen=True, kw_only=True):
    """What the runs of a preset, and the inquiry into them, have to show for its answer to be given."""

    repeats: tuple[str, ...] = ()
    """Labels of draws that are the same in every run."""
    differs: tuple[str, ...] = ()
    """Labels of draws that are not."""
    equal: tuple[tuple[str, str], ...] = ()
    """Pairs of labels that have the same value in each run."""
    unequal: tuple[tuple[str, str], ...] = ()
    """Pairs of labels that have not."""
    printing: tuple[tuple[str, str], ...] = ()
    """Labels of draws, each with a part of the text that is printed."""
    moved: tuple[tuple[str, str], ...] = ()
    """Labels of draws, each with the door of a source that moves it."""
    unmoved: tuple[tuple[str, str], ...] = ()
    """Labels of draws, each with a door of which no source moves it."""
    helped: tuple[tuple[str, str], ...] = ()
    """Labels of draws, each with a hold without which it does not repeat."""


class Preset(msgspec.Struct, frozen=True, kw_only=True):
    """An experiment that people know by a name."""

    name: str
    title: str
    """The question that it asks."""
    experiment: Experiment
    answer: str
    """One or two sentences that answer it."""
    expects: Expectation
    """What has to be seen for the answer to be given below runs."""
