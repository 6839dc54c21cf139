"""The words for what the rules of NumPy find."""

from seedlab.evidence.finding import Wording
from seedlab.libraries import generator_messages
from seedlab.phrases import noted

SENTENCES: dict[str, Wording] = {
    **generator_messages.SENTENCES,
    "numpy.no-seed": (
        noted("No seed of NumPy's global state was set before this draw: it starts from the system, anew in every run.")
    ),
    "numpy.starts-from": noted("NumPy's global state starts from {seed}"),
}
SOURCES = {"numpy.random": noted("NumPy's global state")}
REASONS = {**generator_messages.REASONS, "numpy.no-seed": noted("no seed reached it")}
