"""Kinds of control: how a choice is checked, read from a command line, written, and named.

A library may bring a kind of its own: a subclass of `Control`. The command line and the panel ask the control itself.
"""

import re
from collections.abc import Callable

import msgspec

from seedlab.errors import ChoiceError
from seedlab.phrases import enumerated, plural, sentence, shortened, within
from seedlab.results.environment import Interpreter
from seedlab.study.experiment import Choice

AUTO_DEVICE = "auto"
"""The value that leaves the choice of the device to the library."""
_NONE = "none"
DIGITS_ONLY = sentence("Use digits only.")
"""The advice on how to write a whole number."""


class Suggestion(msgspec.Struct, frozen=True):
    """One value to offer to a person, and a remark about it."""

    text: str
    about: str = ""
    hindrance: str = ""
    """The sentence that says why it cannot be chosen; empty where it can."""


class Control(msgspec.Struct, frozen=True, kw_only=True):
    """One choice of a library, and how it is made. Each kind of control is a subclass."""

    name: str
    """The name of the choice in an experiment; the option of the command line is made from it."""
    title: str
    about: str
    default: Choice
    absent: Choice | msgspec.UnsetType = msgspec.UNSET
    """What libraries without this choice do all the same: it may be asked of them, and changes nothing."""
    naming: Callable[[Choice], str] | None = None
    """Return the words for a value in a column's name; None stands for the title followed by the value."""
    metavar: str = "VALUE"
    """The name of a value in the help of the command line, a word in capitals such as ``SEED``."""

    @property
    def option(self) -> str:
        """The option of the command line, such as ``"--graph-seed"``."""
        return f"--{self.name.replace('_', '-')}"

    @property
    def takes(self) -> str:
        """The values that the option of the command line takes, in a few words for its help; may be empty."""
        return ""

    def check(self, value: Choice) -> None:
        """Raise `ChoiceError` when this control cannot take ``value``."""

    def read(self, text: str) -> Choice:
        """Return the value that a person wrote as ``text``. Raises `ChoiceError` where ``text`` is no value."""
        return text

    def write(self, value: Choice) -> str:
        """Return the text that `read` turns into ``value``."""
        return _NONE if value is None else str(value)

    def describe(self, value: Choice) -> str:
        """Return the few words that stand for ``value`` in a column's name."""
        if self.naming is not None:
            return self.naming(value)
        return sentence("{title} {value}", title=within(self.title), value=self.write(value))

    def suggestions(self, interpreter: Interpreter | None) -> tuple[Suggestion, ...]:  # noqa: ARG002
        """Return the values to offer, none where there are too many. ``interpreter`` is None until one has answered."""
        return ()

    def beside(self, value: Choice, interpreter: Interpreter | None) -> tuple[Choice, ...]:
        """Return the values to lay side by side where ``value`` is chosen, which may be that one alone."""
        offered = [each for each in self.suggestions(interpreter) if not each.hindrance]
        return tuple(self.read(each.text) for each in offered) or (value,)

    def wrong(self, value: Choice, advice: str) -> ChoiceError:
        """Return the error that refuses ``value``; ``advice`` is a sentence on what to choose instead."""
        return ChoiceError(
            self.name, sentence("{title} cannot be “{value}”.", title=self.title, value=shortened(str(value))), advice
        )


def counted(one: str, many: str) -> Callable[[Choice], str]:
    """Return how a number of things is named: by ``one`` or ``many``, which `noted_plural` has marked."""
    return lambda value: plural(one, many, value if isinstance(value, int) else 0)


def not_whole(field: str, name: str, value: object, advice: str = DIGITS_ONLY) -> ChoiceError:
    """Return the error that refuses ``value`` for what people know as ``name``, as it is no whole number."""
    return ChoiceError(
        field, sentence("{name} must be a whole number, not “{value}”.", name=name, value=shortened(str(value))), advice
    )


class IntegerControl(Control, frozen=True, kw_only=True):
    """A whole number from ``minimum`` to ``maximum``; where it is ``optional``, None as well."""

    default: int | None
    metavar: str = "N"
    minimum: int
    maximum: int
    optional: bool = False

    @property
    def takes(self) -> str:
        return sentence("a whole number, or “{none}”", none=_NONE) if self.optional else sentence("a whole number")

    def check(self, value: Choice) -> None:
        if value is None and self.optional:
            return
        if not isinstance(value, int) or isinstance(value, bool):
            raise not_whole(self.name, self.title, value)
        if not self.minimum <= value <= self.maximum:
            advice = sentence(
                "Choose a whole number from {minimum} to {maximum}.", minimum=self.minimum, maximum=self.maximum
            )
            raise ChoiceError(
                self.name, sentence("{title} cannot be {value}.", title=self.title, value=shortened(str(value))), advice
            )

    def read(self, text: str) -> Choice:
        if text == _NONE and self.optional:
            return None
        try:
            return int(text)
        except ValueError:
            advice = sentence("Use digits only, or “{none}”.", none=_NONE) if self.optional else DIGITS_ONLY
            raise not_whole(self.name, self.option, text, advice) from None

    def beside(self, value: Choice, interpreter: Interpreter | None) -> tuple[Choice, ...]:  # noqa: ARG002
        if self.optional:
            return (1 if value is None else value), None
        return value, *[n for n in (1, 0, 2) if n != value and self.minimum <= n <= self.maximum][:1]


class ChoiceControl(Control, frozen=True, kw_only=True):
    """One of a few named choices."""

    default: str
    metavar: str = "NAME"
    choices: tuple[str, ...]

    @property
    def takes(self) -> str:
        return ", ".join(self.choices)

    def check(self, value: Choice) -> None:
        if value not in self.choices:
            raise self.wrong(value, sentence("Choose one of: {choices}.", choices=enumerated(self.choices)))

    def suggestions(self, interpreter: Interpreter | None) -> tuple[Suggestion, ...]:  # noqa: ARG002
        return tuple(Suggestion(choice) for choice in self.choices)


class DeviceControl(Control, frozen=True, kw_only=True):
    """A device of the interpreter. Which devices there are is known only once the interpreter has answered."""

    default: str = AUTO_DEVICE
    absent: Choice | msgspec.UnsetType = AUTO_DEVICE
    metavar: str = "DEVICE"

    @property
    def takes(self) -> str:
        return f"{AUTO_DEVICE}, CPU:0, GPU:0, …"

    def check(self, value: Choice) -> None:
        # The name goes into the script: nothing but a device's name may pass.
        if value != AUTO_DEVICE and not re.fullmatch(r"(CPU|GPU|TPU):[0-9]{1,3}", str(value)):
            what = sentence("There is no device “{value}”.", value=shortened(str(value)))
            raise ChoiceError(
                self.name, what, sentence("Name it like CPU:0 or GPU:0, or say {device}.", device=AUTO_DEVICE)
            )

    def suggestions(self, interpreter: Interpreter | None) -> tuple[Suggestion, ...]:
        offered = [Suggestion(AUTO_DEVICE)]
        if interpreter is not None and interpreter.devices:
            offered += [Suggestion(device.name, device.about) for device in interpreter.devices]
            if reason := interpreter.no_gpu_reason:
                hindrance = sentence("No GPU: {reason}.", reason=reason)
                offered.append(Suggestion(sentence("no GPU: {reason}", reason=reason), reason, hindrance))
        return tuple(offered)


class Placement(msgspec.Struct, frozen=True):
    """One place for the seed. ``name`` is what the command line takes, ``title`` what a person reads."""

    name: str
    title: str
    about: str
    """One sentence on what setting the seed here means."""
    also: tuple[str, ...] = ()
    """Names of the earlier placements at which the seed is set as well."""
    is_repeated: bool = False
    """True where it is set anew each time that something recurs."""


class Station(msgspec.Struct, frozen=True):
    """A step of the script between placements on the timeline, such as ``with tf.Graph()``."""

    title: str


class TimelineControl(Control, frozen=True, kw_only=True):
    """Where the seed is set: one of the places on the library's timeline, or nowhere."""

    name: str = "placement"
    title: str = sentence("Placement")
    about: str = sentence("Where the seed is set.")
    default: str
    metavar: str = "PLACE"
    timeline: tuple[Placement | Station, ...]
    """Placements and the steps between them, in the order of the script."""
    unset: Placement
    """The placement that sets no seed."""
    reaching: str | None = None
    """The name of the placement at which the seed reaches every draw; None where there is none."""

    @property
    def placements(self) -> tuple[Placement, ...]:
        """All placements; the one that sets no seed comes first."""
        return (self.unset, *(item for item in self.timeline if isinstance(item, Placement)))

    @property
    def takes(self) -> str:
        return ", ".join(placement.name for placement in self.placements)

    def placement(self, name: Choice) -> Placement:
        """Return the placement called ``name``. Raises StopIteration where there is none."""
        return next(placement for placement in self.placements if placement.name == name)

    def check(self, value: Choice) -> None:
        names = [placement.name for placement in self.placements]
        if value not in names:
            what = sentence("There is no placement “{value}”.", value=shortened(str(value)))
            raise ChoiceError(self.name, what, sentence("Choose one of: {names}.", names=enumerated(names)))

    def describe(self, value: Choice) -> str:
        placement = self.placement(value)
        return sentence("seed {title}", title=placement.title) if placement is self.unset else placement.title

    def suggestions(self, interpreter: Interpreter | None) -> tuple[Suggestion, ...]:  # noqa: ARG002
        return tuple(Suggestion(placement.name, placement.about) for placement in self.placements)

    def beside(self, value: Choice, interpreter: Interpreter | None) -> tuple[Choice, ...]:  # noqa: ARG002
        # No seed at all has something to say only where there is one place alone.
        set_somewhere = [placement.name for placement in self.placements if placement is not self.unset]
        return tuple(set_somewhere) if len(set_somewhere) > 1 else (*set_somewhere, self.unset.name)
