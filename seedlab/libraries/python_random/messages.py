"""The words for what the rules of Python's ``random`` find."""

from seedlab.evidence.finding import Wording
from seedlab.libraries import generator_messages

SENTENCES: dict[str, Wording] = {
    **generator_messages.SENTENCES,
    "python.no-seed": (
        "No seed of the random module was set before this draw: it starts from the system, anew in every run."
    ),
    "python.starts-from": "the random module starts from {seed}",
}
SOURCES = {"random": "Python's random"}
REASONS = {**generator_messages.REASONS, "python.no-seed": "no seed reached it"}
