"""An interpreter: a Python that can execute runs, and what asking it found."""

import os

import msgspec

from seedlab.results.extra import Extra


class Device(msgspec.Struct, frozen=True):
    """One device that TensorFlow found."""

    name: str
    """As an experiment names it: ``"CPU:0"``."""
    about: str = ""
    """The model of the hardware, where the library tells it."""
    extra: Extra = ()


class Interpreter(msgspec.Struct, frozen=True, kw_only=True):
    """Versions are empty strings where the library is not there; ``problem`` then says what was found."""

    executable: str
    python: str
    numpy: str = ""
    tensorflow: str = ""
    devices: tuple[Device, ...] = ()
    no_gpu_reason: str = ""
    """Why there is no GPU among ``devices``; empty when there is one."""
    problem: str = ""
    extra: Extra = ()

    def draws_like(self, other: "Interpreter") -> bool:
        """Runs of both may stand in one column: the same versions in the same place.

        In one folder ``python``, ``python3`` and ``python3.11`` are names of one interpreter.
        """
        place, other_place = os.path.dirname(self.executable), os.path.dirname(other.executable)
        return (place, self.summary) == (other_place, other.summary)

    @property
    def summary(self) -> str:
        """The versions in one line."""
        parts = [f"Python {self.python}"]
        parts += [f"TensorFlow {self.tensorflow}"] if self.tensorflow else []
        parts += [f"NumPy {self.numpy}"] if self.numpy else []
        return " · ".join(parts)
