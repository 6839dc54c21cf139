"""The program that makes catalogues, as tests use it."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

_PATH = Path(__file__).parents[2] / "packaging" / "languages.py"


def _loaded() -> ModuleType:
    # By its path, as another package is called “packaging”, too.
    specification = importlib.util.spec_from_file_location("seedlab_languages", _PATH)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return module


maker = _loaded()
