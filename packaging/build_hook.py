"""Makes what a wheel has besides the package: the manual page, and completions for bash, zsh and fish."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COMMAND_FILES = "packaging/make_command_files.py"


class BuildHook(BuildHookInterface[Any]):
    """Has files made in a folder of their own, which is gone when the wheel is written."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the files and say where the wheel installs them; an environment for development has none."""
        if version == "editable":
            return
        self._folder = TemporaryDirectory()
        made = Path(self._folder.name)
        self._make(COMMAND_FILES, made)
        build_data["shared_data"].update(
            {str(path): path.relative_to(made).as_posix() for path in sorted(made.rglob("*")) if path.is_file()}
        )

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was made."""
        del version, build_data, artifact_path
        if hasattr(self, "_folder"):
            self._folder.cleanup()

    def _make(self, script: str, folder: Path) -> None:
        """Execute a script of `packaging` in a process of its own, which imports seedlab from these sources."""
        paths = [self.root, *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}
        subprocess.run([sys.executable, Path(self.root) / script, folder], env=environment, check=True)
