"""The hash secret: texts hash otherwise in every process, and with them the order of sets changes.

``PYTHONHASHSEED`` is read once, as Python starts (``_Py_HashRandomization_Init`` in Python/bootstrap_hash.c, 3.11):
setting it in the script is too late.
"""

from seedlab.phrases import noted_plural, sentence
from seedlab.study.controls import IntegerControl, Placement, Station, TimelineControl, counted
from seedlab.study.experiment import Experiment
from seedlab.study.family import NOT_SET, SEED, Family, seed_control
from seedlab.study.script import Script, ScriptWriter

_VARIABLE = "PYTHONHASHSEED"
_OUTSIDE, _INSIDE = "outside", "inside"


def _write_script(experiment: Experiment) -> Script:
    writer = ScriptWriter()
    if experiment["placement"] == _OUTSIDE:
        writer.seed_line(f"# {_VARIABLE}={experiment['graph_seed']} python script.py")
    if experiment["placement"] == _INSIDE:
        writer.line("import os")
        writer.line()
        writer.seed_line(f'os.environ["{_VARIABLE}"] = "{experiment["graph_seed"]}"')
    words = ", ".join(f'"{word}"' for word in _words(experiment.number("sample_size")))
    writer.line(f"words = [{words}]")
    writer.line('print("order:", [words.index(word) for word in set(words)])')
    writer.line('print("hashes:", [hash(word) for word in words])')
    return writer.script()


def _words(count: int) -> list[str]:
    return [f"word{number}" for number in range(1, count + 1)]


def _environment(experiment: Experiment) -> tuple[tuple[str, str | None], ...]:
    # A variable of the person's own would be read as well.
    value = str(experiment["graph_seed"]) if experiment["placement"] == _OUTSIDE else None
    return ((_VARIABLE, value),)


def _count_values(experiment: Experiment) -> int:
    return 2 * experiment.number("sample_size")


_TIMELINE = TimelineControl(
    default=_OUTSIDE,
    unset=NOT_SET,
    timeline=(
        Placement(
            _OUTSIDE,
            sentence("before Python starts"),
            sentence("{variable} is set outside, where Python reads it as it starts.", variable=_VARIABLE),
        ),
        Station("python script.py"),
        Placement(
            _INSIDE,
            sentence("inside the script"),
            sentence("{variable} is set in os.environ, when Python has read it.", variable=_VARIABLE),
        ),
        Station(sentence("set of texts")),
    ),
    reaching=_OUTSIDE,
)

FAMILY = Family(
    name="hash-order",
    title=sentence("Hash order"),
    order=9,
    package=None,
    controls=(
        _TIMELINE,
        seed_control(title=_VARIABLE, about=sentence("0 turns the secret off."), minimum=0, maximum=2**32 - 1),
        IntegerControl(
            name="sample_size",
            title=sentence("Texts"),
            about=sentence("How many texts the set has."),
            default=8,
            minimum=2,
            maximum=100,
            naming=counted(*noted_plural("{count} texts", "{count} texts")),
        ),
    ),
    write_script=_write_script,
    count_values=_count_values,
    environment=_environment,
    seed=SEED,
)
