"""pythonw.exe of Windows, which starts seedlab without a console, and which is not the Python of the runs."""

from pathlib import Path


def with_console(executable: str) -> str:
    """Return the Python with a console that belongs to ``executable``, or that one where it is no pythonw.exe."""
    path = Path(executable)
    # Scripts are started by the other one, whose standard streams are there.
    beside = path.with_name(path.name[:6] + path.name[7:])
    return str(beside) if path.name.lower().startswith("pythonw") and beside.is_file() else executable
