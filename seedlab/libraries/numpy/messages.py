"""The words for what the rules of NumPy find."""

from seedlab.evidence.finding import Wording
from seedlab.libraries import generator_messages

SENTENCES: dict[str, Wording] = {
    **generator_messages.SENTENCES,
    "numpy.no-seed": (
        "No seed of NumPy's global state was set before this draw: it starts from the system, anew in every run."
    ),
    "numpy.starts-from": "NumPy's global state starts from {seed}",
}
SOURCES = {"numpy.random": "NumPy's global state"}
REASONS = {**generator_messages.REASONS, "numpy.no-seed": "no seed reached it"}
