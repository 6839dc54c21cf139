"""The line in pictures and tables that says where their values come from."""

from seedlab import APPLICATION_NAME, __version__
from seedlab.libraries.registry import FAMILIES
from seedlab.messages.provenance import caption_text, devices_text, runs_text, starts_text
from seedlab.study.lab import Lab


def provenance(lab: Lab) -> str:
    """Return a line with the interpreters, devices, starts, runs and date of ``lab``, and the release of seedlab."""
    # Columns without runs have no values.
    columns = [column for column in lab.columns if column.runs]
    interpreters = {c.interpreter.summary: None for c in columns if c.interpreter is not None}
    chosen = [FAMILIES[c.experiment.library].device(c.experiment) for c in columns if c.experiment is not None]
    devices = {str(device): None for device in chosen if device is not None}
    starts = {run.start: None for column in columns for run in column.runs}
    runs = sorted({len(column.runs) for column in columns})
    parts = [
        *interpreters,
        devices_text(list(devices)) if devices else "",
        starts_text(list(starts)) if starts else "",
        runs_text(runs, len(columns)) if runs else "",
        lab.created.date().isoformat(),
        f"{APPLICATION_NAME} {__version__}",
    ]
    return " · ".join(filter(None, parts))


def caption(lab: Lab) -> str:
    """Return the line below a comparison: how to read its letters, and where its values come from."""
    has_texts = any(draw.is_text for column in lab.columns for run in column.runs for draw in run.draws)
    return caption_text(provenance(lab), has_texts=has_texts)
