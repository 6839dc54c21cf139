"""Makes what a wheel has besides the tree: catalogues, the manual page, and completions for bash, zsh and fish."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COMMAND_FILES = "packaging/make_command_files.py"
LANGUAGES = "packaging/languages.py"


class BuildHook(BuildHookInterface[Any]):
    """Has files made in a folder of their own, which is gone when the wheel is written."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the files and say where the wheel installs them.

        An environment for development has catalogues alone, beside those that they are made of.
        """
        if version == "editable":
            self._make(LANGUAGES, "compile")
            return
        self._folder = TemporaryDirectory()
        for script, name, given, key, place in (
            (COMMAND_FILES, "share", (), "shared_data", ""),
            (LANGUAGES, "languages", ("compile",), "force_include", "seedlab/resources/languages/"),
        ):
            made = Path(self._folder.name, name)
            made.mkdir()
            self._make(script, *given, made)
            files = [path for path in sorted(made.rglob("*")) if path.is_file()]
            build_data[key].update({str(path): place + path.relative_to(made).as_posix() for path in files})

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was made."""
        del version, build_data, artifact_path
        if hasattr(self, "_folder"):
            self._folder.cleanup()

    def _make(self, script: str, *arguments: str | Path) -> None:
        """Execute a script of `packaging` in a process of its own, which imports seedlab from these sources."""
        paths = [self.root, *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1", "SEEDLAB_LANGUAGE": "en"}
        command = [sys.executable, Path(self.root) / script, *arguments]
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
