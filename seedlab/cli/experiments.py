"""``seedlab list`` and ``seedlab script``: the commands that name experiments and write their scripts."""

import argparse
import sys

from seedlab.cli.choices import add_choices, experiment_from, no_experiment
from seedlab.cli.exits import EXIT_FINISHED
from seedlab.cli.streams import printing
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import script_of

_EXAMPLES = """\
examples:
  seedlab script after-op > s.py                     python s.py then does the same
  seedlab script before-graph --device CPU:0
  seedlab script --library numpy-generator --placement none
"""


def add_list(parser: argparse.ArgumentParser) -> None:
    """Make ``parser`` the parser of ``seedlab list``."""
    parser.set_defaults(command=_list)


def add_script(parser: argparse.ArgumentParser) -> None:
    """Add the arguments and options of ``seedlab script`` to ``parser``."""
    parser.add_argument("name", nargs="?", metavar="NAME", help=f"a preset: {', '.join(PRESETS)}")
    add_choices(parser)
    parser.epilog = _EXAMPLES
    parser.set_defaults(command=_script)


def _list(_options: argparse.Namespace) -> int:
    width = max(map(len, PRESETS))
    with printing():
        for preset in PRESETS.values():
            print(f"{preset.name:<{width}}  {preset.title}")
    return EXIT_FINISHED


def _script(options: argparse.Namespace) -> int:
    if options.name is None and options.library is None:
        raise no_experiment()
    script = script_of(experiment_from(options.name, options))
    with printing():
        sys.stdout.write(script.text)
    return EXIT_FINISHED
