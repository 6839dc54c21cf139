"""The one file that other interpreters execute: it does what its first argument says.

Standard library only, Python 3.6 syntax.

    python observe.py run ADDRESS REQUEST        execute one script
    python observe.py fork|spare CONTROL PREPARE import, then wait for requests
    python observe.py probe QUESTION PACKAGES    tell what this Python has
"""

import sys

if __name__ == "__main__":
    _HERE = sys.path.pop(0)


def load(name):
    """Return the module NAME of this folder, which no script can find in sys.modules."""
    import importlib.machinery
    import os
    import types

    path = os.path.join(_HERE, name + ".py")
    module = types.ModuleType("_" + name)
    exec(importlib.machinery.SourceFileLoader("_" + name, path).get_code("_" + name), module.__dict__)
    return module


def main():
    mode = sys.argv[1]
    if mode == "run":
        load("worker").main(sys.argv[2], sys.argv[3])
    elif mode == "probe":
        load("probe").main(sys.argv[2], sys.argv[3])
    else:
        load("nursery").main(mode, sys.argv[2], sys.argv[3], load("worker"))


if __name__ == "__main__":
    main()
