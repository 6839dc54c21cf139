"""The words for what the rules of Python's ``random`` find."""

from seedlab.evidence.finding import Wording
from seedlab.libraries import generator_messages
from seedlab.phrases import noted

SENTENCES: dict[str, Wording] = {
    **generator_messages.SENTENCES,
    "python.no-seed": (
        noted("No seed of the random module was set before this draw: it starts from the system, anew in every run.")
    ),
    "python.starts-from": noted("the random module starts from {seed}"),
}
SOURCES = {"random": noted("Python's random")}
REASONS = {**generator_messages.REASONS, "python.no-seed": noted("no seed reached it")}
