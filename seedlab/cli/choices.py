"""Command line options for experiments: one for each choice of each library, made from its control."""

import argparse

import msgspec

from seedlab.cli.suggestions import did_you_mean
from seedlab.errors import ChoiceError
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import FAMILIES, experiment_of
from seedlab.phrases import enumerated, following, sentence, within
from seedlab.study.controls import Control
from seedlab.study.experiment import Choice, Experiment
from seedlab.study.family import Family


def add_choices(parser: argparse.ArgumentParser) -> None:
    """Add an option for the library, and one for every choice of every library, as its control describes it."""
    group = parser.add_argument_group(sentence("choices of the experiment"))
    group.add_argument(
        "--library", metavar="LIBRARY", help=sentence("one of: {families}", families=enumerated(FAMILIES))
    )
    controls: dict[str, list[Control]] = {}
    for family in FAMILIES.values():
        for control in family.controls:
            controls.setdefault(control.name, []).append(control)
    for same_name in controls.values():
        titles = _alternatives([within(control.title) for control in same_name])
        takes = _alternatives([control.takes for control in same_name if control.takes], are_long=True)
        about = sentence("{titles}: {takes}", titles=titles, takes=takes) if takes else titles
        first = same_name[0]
        group.add_argument(first.option, dest=first.name, metavar=first.metavar, help=about.replace("%", "%%"))


def _alternatives(texts: list[str], *, are_long: bool = False) -> str:
    """Return ``texts`` with “or” between those that are different."""
    first, *others = dict.fromkeys(texts) or [""]
    for text in others:
        if are_long:
            first = sentence("{first}; or {second}", first=first, second=text)
        else:
            first = sentence("{first} or {second}", first=first, second=text)
    return first


def experiment_from(name: str | None, options: argparse.Namespace) -> Experiment:
    """Return the preset ``name``, or without one the default of ``--library``, with the choices of ``options``.

    Raise `ChoiceError` when the preset, the library or a choice does not exist, or when they do not fit together.
    """
    if name is not None and name not in PRESETS:
        names = enumerated(PRESETS)
        what = following(sentence("There is no preset “{name}”.", name=name), did_you_mean(name, PRESETS))
        raise ChoiceError("preset", what, sentence("Choose one of: {names}; or name a script.py.", names=names))
    if name is not None:
        experiment = PRESETS[name].experiment
        family = FAMILIES[experiment.library]
        if options.library not in (None, family.name, *family.formerly):
            raise ChoiceError(
                "library",
                sentence("The preset “{name}” has its own library.", name=name),
                sentence("Leave out the preset or --library."),
            )
    else:
        try:
            experiment = experiment_of(options.library)
        except ChoiceError as error:
            hint = did_you_mean(options.library, FAMILIES)
            raise ChoiceError(error.field, following(error.what, hint), error.advice) from None
    return experiment.choose(**_given_choices(FAMILIES[experiment.library], options))


def no_experiment() -> ChoiceError:
    """Return the error that says that neither a preset nor a library is named."""
    return ChoiceError(
        "preset",
        sentence("No experiment is named."),
        sentence("Name a preset ({presets}) or a --library.", presets=enumerated(PRESETS)),
    )


def _given_choices(family: Family, options: argparse.Namespace) -> dict[str, Choice]:
    """Return the choices in ``options``, with their values as the controls of ``family`` read them."""
    names = dict.fromkeys(control.name for other in FAMILIES.values() for control in other.controls)
    given = {name: text for name in names if (text := getattr(options, name)) is not None}
    # Any other choice without a control stays as it is: the experiment refuses it with the library's own message.
    return {
        name: text if (control := family.control(name)) is None else control.read(text)
        for name, text in given.items()
        if family.control(name) is not None or not _asks_nothing(name, text)
    }


def _asks_nothing(name: str, text: str) -> bool:
    """Return whether ``text`` asks only for what libraries without the choice ``name`` do all the same."""
    controls = [control for family in FAMILIES.values() if (control := family.control(name)) is not None]
    return any(control.absent is not msgspec.UNSET and control.read(text) == control.absent for control in controls)
