"""The registry of libraries, and the parts of each.

A library is a folder with ``family.py`` and, as it needs them, ``doors.py``, ``rules.py``, ``messages.py`` and
``capabilities.py``. The folder alone makes it known; each part is imported when it is first asked for.
"""

import contextlib
import importlib
import importlib.util
import sys
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType, ModuleType

from seedlab.errors import ChoiceError, LibraryError
from seedlab.phrases import enumerated, sentence, shortened
from seedlab.results.environment import Interpreter
from seedlab.study.capabilities import Capabilities
from seedlab.study.comparing import laid_out
from seedlab.study.controls import TimelineControl
from seedlab.study.experiment import Choice, Experiment
from seedlab.study.family import Family
from seedlab.study.script import Script

_PACKAGE = "seedlab.libraries"


class Library:
    """One library's folder."""

    def __init__(self, folder: Traversable, *, is_own: bool) -> None:
        self.name = folder.name
        """The folder's name, such as ``"tensorflow_graph"``; the family's has hyphens."""
        self._folder = folder
        self._is_own = is_own
        self._modules: dict[str, ModuleType | None] = {}

    def part(self, name: str) -> ModuleType | None:
        """Return the module ``name`` of the folder, such as ``"rules"``, imported now; None where it has none."""
        if name not in self._modules:
            self._modules[name] = self._import(name) if self._file(name).is_file() else None
        return self._modules[name]

    def source(self, name: str) -> str:
        """Return the text of the part ``name`` without importing it; empty where the library has none."""
        file = self._file(name)
        return file.read_text(encoding="utf-8") if file.is_file() else ""

    @property
    def family(self) -> Family | None:
        """The library's experiments; None where it has doors alone. Raises `LibraryError` where they make no sense."""
        part = self.part("family")
        return None if part is None else _checked(self.name, getattr(part, "FAMILY", None))

    @property
    def capabilities(self) -> Capabilities | None:
        """The facts that starting its runs and reading their scripts depend on; None where it states none."""
        part = self.part("capabilities")
        return None if part is None else part.CAPABILITIES

    def forget(self) -> None:
        """Remove from `sys.modules` the parts that were imported from a folder outside seedlab."""
        for name in [] if self._is_own else self._modules:
            sys.modules.pop(self._module_name(name), None)

    def _file(self, name: str) -> Traversable:
        return self._folder / f"{name}.py"

    def _module_name(self, part: str) -> str:
        return f"{_PACKAGE}.{self.name}.{part}"

    def _import(self, part: str) -> ModuleType:
        name = self._module_name(part)
        if self._is_own:
            return importlib.import_module(name)
        spec = importlib.util.spec_from_file_location(name, str(self._file(part)))
        assert spec is not None
        assert spec.loader is not None
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module


class Registry:
    """The libraries in use, and their families in the order in which people see them."""

    def __init__(self, folder: Traversable) -> None:
        # Not pkgutil: in a bundled program it finds nothing.
        found = sorted((entry for entry in folder.iterdir() if _is_library(entry)), key=lambda entry: entry.name)
        self._libraries = [Library(entry, is_own=True) for entry in found]
        self._families: dict[str, Family] = {}
        self._fill()

    @property
    def libraries(self) -> tuple[Library, ...]:
        """All libraries: seedlab's own, sorted by the names of their folders, then those that were added."""
        return tuple(self._libraries)

    @property
    def families(self) -> Mapping[str, Family]:
        """The families by their names; a read-only view that follows later changes."""
        return MappingProxyType(self._families)

    @contextlib.contextmanager
    def including(self, folder: Traversable) -> Iterator[Library]:
        """Add the library in ``folder``, which may be anywhere, for as long as the block lasts.

        Raises `LibraryError` where its family makes no sense.
        """
        library = Library(folder, is_own=False)
        self._libraries.append(library)
        try:
            self._fill()
            yield library
        finally:
            self._libraries.remove(library)
            self._fill()
            library.forget()

    def _fill(self) -> None:
        families = [family for library in self._libraries if (family := library.family) is not None]
        self._families.clear()
        self._families.update({family.name: family for family in sorted(families, key=lambda family: family.order)})

    def family_of(self, experiment: Experiment) -> Family:
        """Return the family of ``experiment``. Raises `ChoiceError` where there is no such library."""
        return self.named(experiment.library)[0]

    def named(self, name: str) -> tuple[Family, Mapping[str, Choice]]:
        """Return the family ``name``, and the choices that its name stands for where that is an earlier one.

        Raises `ChoiceError` where there is no such library.
        """
        if name in self._families:
            return self._families[name], {}
        for family in self._families.values():
            if name in family.formerly:
                return family, family.formerly[name]
        raise self.no_library(name)

    def no_library(self, name: str) -> ChoiceError:
        """Return the error that says there is no library ``name``, and which ones there are."""
        what = sentence("There is no library “{name}”.", name=shortened(name))
        return ChoiceError("library", what, sentence("Choose one of: {names}.", names=enumerated(self._families)))


def _checked(library: str, family: object) -> Family:
    """Return ``family``, which the folder ``library`` states. Raises `LibraryError` where it lacks something."""
    if not isinstance(family, Family):
        lack = sentence("no family called FAMILY")
    elif not any(isinstance(control, TimelineControl) for control in family.controls):
        lack = sentence("no timeline, the control that places the seed")
    elif family.seed is not None and family.control(family.seed) is None:
        lack = sentence("no control for its seed, “{seed}”", seed=family.seed)
    else:
        return family
    raise LibraryError(
        sentence("The library “{library}” states {lack}.", library=library, lack=lack), sentence("Mend its family.py.")
    )


def _is_library(entry: Traversable) -> bool:
    return entry.is_dir() and any((entry / f"{part}.py").is_file() for part in ("family", "doors", "capabilities"))


LIBRARIES = Registry(files(_PACKAGE))
FAMILIES = LIBRARIES.families


def first_family() -> Family:
    """Return the family that is shown until a person chooses one."""
    return next(iter(FAMILIES.values()))


def experiment_of(library: str, **choices: Choice) -> Experiment:
    """Return the experiment of ``library`` with ``choices``; all other choices are at their defaults.

    ``library`` may be an earlier name. Raises `ChoiceError` where there is no such library.
    """
    family, implied = LIBRARIES.named(library)
    return family.experiment(**{**implied, **choices})


def completed(library: str, choices: Mapping[str, Choice]) -> Experiment:
    """Return the experiment of ``library`` with those of ``choices`` that it has; the others are at their defaults.

    For choices that another version of seedlab wrote. Raise `ChoiceError` where one cannot be run.
    """
    family, _ = LIBRARIES.named(library)
    known = {name: choice for name, choice in choices.items() if family.control(name) is not None}
    experiment = experiment_of(library, **known)
    family.check(experiment)
    return experiment


def check(experiment: Experiment) -> Family:
    """Return the family of ``experiment``, or raise a `ChoiceError` that names the first choice that cannot be run."""
    family = LIBRARIES.family_of(experiment)
    family.check(experiment)
    return family


def check_batch(experiment: Experiment, runs: int) -> Family:
    """Return the family of ``experiment``, or raise a `ChoiceError` where it cannot be run ``runs`` times."""
    family = LIBRARIES.family_of(experiment)
    family.check_batch(experiment, runs)
    return family


def script_of(experiment: Experiment) -> Script:
    """Return the script of ``experiment``, the same for equal experiments. Raises `ChoiceError` as `check` does."""
    return check(experiment).write_script(experiment)


def compared(experiment: Experiment, choice: str, interpreter: Interpreter | None = None) -> tuple[Experiment, ...]:
    """Return what to lay side by side to compare the values of ``choice``, as `laid_out` does."""
    return laid_out(FAMILIES[experiment.library], experiment, choice, interpreter)
