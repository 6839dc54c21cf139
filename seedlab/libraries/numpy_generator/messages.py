"""The words for what the rules of NumPy's generators find."""

from seedlab.libraries.generator_messages import REASONS, SENTENCES

__all__ = ["REASONS", "SENTENCES"]
