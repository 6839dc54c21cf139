"""``seedlab list`` and ``seedlab script``: the commands that name experiments and write their scripts."""

import argparse
import sys

import msgspec

from seedlab.cli.choices import add_choices, experiment_from, no_experiment
from seedlab.cli.exits import EXIT_FINISHED
from seedlab.cli.streams import complain, printing
from seedlab.cli.writing import path_named
from seedlab.documents.whole_files import check_writable, write_whole
from seedlab.libraries.presets import GROUPS, PRESETS, group_title
from seedlab.libraries.registry import LIBRARIES, script_of
from seedlab.phrases import enumerated, sentence

_EXAMPLES = sentence(
    "examples:\n"
    "  seedlab script after-op > s.py                     python s.py then does the same\n"
    "  seedlab script before-graph --device CPU:0\n"
    "  seedlab script --library numpy --generator default-rng --placement none\n"
)


def add_list(parser: argparse.ArgumentParser) -> None:
    """Make ``parser`` the parser of ``seedlab list``."""
    parser.add_argument("--json", metavar="FILE", help=sentence("write them as JSON; “-” for standard output"))
    parser.set_defaults(command=_list)


def add_script(parser: argparse.ArgumentParser) -> None:
    """Add the arguments and options of ``seedlab script`` to ``parser``."""
    parser.add_argument(
        "name", nargs="?", metavar="NAME", help=sentence("a preset: {presets}", presets=enumerated(PRESETS))
    )
    add_choices(parser)
    parser.epilog = _EXAMPLES
    parser.set_defaults(command=_script)


def _list(options: argparse.Namespace) -> int:
    if options.json is not None:
        return _write_json(options.json)
    width = max(map(len, PRESETS))
    with printing():
        for number, (group, presets) in enumerate(GROUPS.items()):
            print(f"{chr(10) if number else ''}{group_title(group)}")
            for preset in presets.values():
                print(f"  {preset.name:<{width}}  {sentence(preset.title)}")
    return EXIT_FINISHED


def _write_json(file: str) -> int:
    presets = [
        {"name": preset.name, "group": group, "question": preset.title, "answer": preset.answer}
        for group, presets in GROUPS.items()
        for preset in presets.values()
    ]
    data = msgspec.json.format(msgspec.json.encode({"presets": presets}), indent=2) + b"\n"
    if file == "-":
        with printing():
            sys.stdout.buffer.write(data)
    else:
        path = path_named("--json", file)
        check_writable(path)
        write_whole(path, data)
    return EXIT_FINISHED


def _script(options: argparse.Namespace) -> int:
    if options.name is None and options.library is None:
        raise no_experiment()
    experiment = experiment_from(options.name, options)
    script = script_of(experiment)
    with printing():
        sys.stdout.write(script.text)
    for name, value in LIBRARIES.family_of(experiment).environment(experiment):
        if value is not None:
            told = sentence("seedlab starts it with {name}={value} in the environment.", name=name, value=value)
        else:
            told = sentence("seedlab starts it without {variable} in the environment.", variable=name)
        complain(told)
    return EXIT_FINISHED
