"""The settings that are kept for the next start: choices and looks, never results."""

from pathlib import Path

import msgspec
from msgspec.structs import replace

from seedlab.documents.whole_files import write_whole
from seedlab.engine.executors.executor import Start
from seedlab.engine.request import DEFAULT_TIMEOUT_S
from seedlab.errors import DocumentError
from seedlab.inquiry.influence import LEAST_PROOF, PROOF
from seedlab.languages import settings_path
from seedlab.libraries.registry import completed, script_of
from seedlab.messages.session import settings_lost_text, settings_set_aside_text
from seedlab.session.arrangement import MAX_COLUMNS, Arrangement, Lane
from seedlab.session.picture_options import MAX_SCALE, MAX_SIDE, MIN_SCALE, MIN_SIDE
from seedlab.study.experiment import MAX_RUNS, Choice, Experiment
from seedlab.study.lab import Column, Look

MAX_RECENT = 8
MAX_PYTHONS = 64
MAX_JOBS = 256
"""The largest number of runs at the same time that can be chosen."""
MAX_TIMEOUT_S = 86_400
"""The longest timeout that can be chosen, in seconds: a day. Any timeout above 0 may be chosen."""
ZOOMS = (0.75, 0.875, 1.0, 1.25, 1.5, 1.75, 2.0)
SYSTEM_THEME = "system"
"""The name of the theme that follows the desktop."""


class SavedColumn(msgspec.Struct, frozen=True):
    """A column without its runs."""

    experiment: dict[str, Choice]
    """Its library and its choices, flat, as in a document."""
    title: str = ""

    @classmethod
    def of(cls, experiment: Experiment, title: str = "") -> "SavedColumn":
        """Return ``experiment`` as it is saved."""
        return cls({"library": experiment.library, **experiment.chosen}, title)

    @property
    def restored(self) -> Experiment:
        """The experiment, whichever version of seedlab saved it. Raise `ChoiceError` where it cannot be run."""
        return completed(str(self.experiment.get("library", "")), self.experiment)


class SavedPython(msgspec.Struct, frozen=True, kw_only=True):
    """A Python, and what it answered when it was asked last."""

    executable: str
    python: str = ""
    """Its version; empty where it cannot be used, and before it was asked."""
    packages: dict[str, str] = {}
    """The versions of its packages, by the names that scripts import."""
    can_fork: bool | None = None
    devices: tuple[str, ...] = ()
    """What was found when it was in use, by name and model."""
    stamp: tuple[int, ...] = ()
    """What tells that it is as it was then: see `seedlab.engine.survey.Seen`."""
    is_chosen: bool = False
    """True where a person named its path."""


class ExportChoices(msgspec.Struct, frozen=True, kw_only=True):
    """The choices that the export dialog begins with: those that were made last."""

    form: str = ".png"
    """The ending of the file, one of `seedlab.export.exporting.ENDINGS`."""
    size: str = "natural"
    """A name in `seedlab.session.picture_options.SIZES`, or ``own``."""
    width: int = 1280
    height: int = 720
    """The size ``own``, in pixels of the layout."""
    scale: float = 2.0
    paper: str = "light"
    script: bool = True
    document: bool = True
    folder: str = ""
    """The folder of the last exported file."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings that are kept."""

    version: int = 1
    columns: tuple[SavedColumn, ...] = ()
    current: int = 0
    look: Look = "auto"
    theme: str = SYSTEM_THEME
    zoom: float = 1.0
    language: str = ""
    """The code of the language that was chosen, from the next start on; empty for that of the system."""
    runs: int = 3
    jobs: int | None = None
    """The largest number of runs at the same time; None for as many as the executor has room for."""
    timeout_s: float = DEFAULT_TIMEOUT_S
    proof: int = PROOF
    """The number of cold runs that a changed script is executed in, to see whether it repeats."""
    start: str = "auto"
    guess: bool = False
    shows_scenes: bool = True
    """True where the scenes of a talk are shown below the columns."""
    width: int = 1280
    height: int = 800
    is_maximised: bool = False
    export: ExportChoices = ExportChoices()
    pythons: tuple[SavedPython, ...] = ()
    """Those that are known, beside the one that seedlab runs in."""
    recent: tuple[str, ...] = ()
    """The paths of the documents used last, from the newest to the oldest."""

    def arrangement(self) -> Arrangement | None:
        """Return the kept columns, without runs; None when there are none."""
        lanes = tuple(
            Lane(
                key=key,
                column=Column(name="", experiment=experiment, script=script_of(experiment).text),
                chosen=experiment,
                title=saved.title,
            )
            for key, saved in enumerate(self.columns)
            for experiment in [saved.restored]
        )
        return Arrangement(lanes=lanes, next_key=len(lanes)).select(self.current) if lanes else None


def default_path() -> Path:
    """Return the path of the settings file, in the folder that the platform has for settings."""
    return settings_path()


def load(path: Path) -> tuple[Settings, str]:
    """Return the settings at ``path`` and a message for the user, empty if all is well.

    A broken file is renamed, and the default settings are returned.
    """
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Settings)
        # Raises where a column cannot be restored.
        _within_limits(found).arrangement()
    except FileNotFoundError:
        return Settings(), ""
    # Whatever is wrong with the file, seedlab must open.
    except Exception as error:  # noqa: BLE001
        return Settings(), _set_aside(path, error)
    return _within_limits(found), ""


def _within_limits(settings: Settings) -> Settings:
    return replace(
        settings,
        columns=settings.columns[:MAX_COLUMNS],
        runs=min(max(settings.runs, 1), MAX_RUNS),
        jobs=None if settings.jobs is None else min(max(settings.jobs, 1), MAX_JOBS),
        proof=min(max(settings.proof, LEAST_PROOF), MAX_RUNS),
        timeout_s=settings.timeout_s if 0 < settings.timeout_s <= MAX_TIMEOUT_S else DEFAULT_TIMEOUT_S,
        zoom=settings.zoom if settings.zoom in ZOOMS else 1.0,
        start=settings.start if settings.start in {start.value for start in Start} else Start.AUTO.value,
        width=min(max(settings.width, 800), 8000),
        height=min(max(settings.height, 500), 5000),
        recent=settings.recent[:MAX_RECENT],
        pythons=settings.pythons[:MAX_PYTHONS],
        export=replace(
            settings.export,
            width=min(max(settings.export.width, MIN_SIDE), MAX_SIDE),
            height=min(max(settings.export.height, MIN_SIDE), MAX_SIDE),
            scale=min(max(settings.export.scale, MIN_SCALE), MAX_SCALE),
        ),
    )


def _set_aside(path: Path, error: Exception) -> str:
    aside = path.with_suffix(".broken.json")
    try:
        path.replace(aside)
    except OSError:
        return settings_lost_text(error)
    return settings_set_aside_text(error, str(aside))


def save(path: Path, settings: Settings, since: Settings | None = None) -> None:
    """Write ``settings`` to ``path``; do nothing when that is impossible.

    ``since`` are those that they were before: what is still so is left as another window may have saved it. None
    writes all.
    """
    if since is not None and path.exists():
        there, _ = load(path)
        changed = {
            name: value
            for name in settings.__struct_fields__
            if (value := getattr(settings, name)) != getattr(since, name)
        }
        settings = replace(there, **changed)
    # Paths that no JSON can hold are left out: nothing else is lost for them.
    recent = tuple(name for name in settings.recent if _is_encodable(name))
    pythons = tuple(each for each in settings.pythons if _is_encodable(each.executable))
    export = settings.export if _is_encodable(settings.export.folder) else replace(settings.export, folder="")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        data = msgspec.json.encode(replace(settings, recent=recent, pythons=pythons, export=export))
        write_whole(path, msgspec.json.format(data, indent=1))
    except (OSError, DocumentError):
        # In a read-only home folder, for example, the next start finds the same settings as this one.
        return


def _is_encodable(text: str) -> bool:
    """Return False for a name with characters that file systems allow and UTF-8 does not."""
    return text.encode("utf-8", "replace").decode() == text
