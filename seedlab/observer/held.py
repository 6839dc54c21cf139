"""Values that sources of randomness get from outside, in place of the system's entropy or of the script's own seeds."""

GIVEN = "="
"""The sign before a number that a turned source gets as its very seed."""
SOURCES = "sources"
"""The hold under which every source that would take entropy gets a fixed value."""
_WORD = 0xFFFFFFFFFFFFFFFF


def site_of(kind, door, file, line):
    """Return the name of the site at which a source of ``kind`` ("set" or "taken") is reached through ``door``.

    ``file`` is None in the script itself; ``line`` is None where no line of the user's is known.
    """
    return "%s %s %s:%s" % (kind, door, "" if file is None else file, "" if line is None else line)


class HeldValues:
    """Gives each source that is held or turned its values, which depend on its site and its count there alone."""

    def __init__(self, holds, turns):
        """``turns`` are texts of a number, a blank, and a site: "2 set random.seed :4".

        A number after "=" is the seed itself, as if it stood there: "=42 set random.seed :4". Any other one is only the
        name of some value.
        """
        self._is_held = SOURCES in holds
        self._turns = {}
        for turn in turns:
            number, _, site = turn.partition(" ")
            self._turns[site] = number
        self._counts = {}
        self.is_needed = self._is_held or bool(self._turns)
        """False where no source gets a value from outside."""

    def at_start(self, name):
        """Return the value of a state that exists before the script's first line; None where it keeps its own."""
        return HeldValue("start %s" % name) if self._is_held else None

    def value(self, kind, site):
        """Return the `HeldValue` of the next source at ``site``; None where it keeps its own."""
        turn = self._turns.get(site, "")
        if not turn and not (self._is_held and kind == "taken"):
            return None
        count = self._counts[site] = self._counts.get(site, 0) + 1
        name = "%s %s %d" % (turn or "0", site, count)
        # Who sets a seed at one line again and again sets the same; who takes entropy there wants something else.
        if turn.startswith(GIVEN) and (kind == "set" or count == 1):
            return GivenValue(int(turn[len(GIVEN) :]), name)
        return HeldValue(name)


class HeldValue:
    """A value that is the same in every run, and looks random."""

    def __init__(self, name):
        state = 0
        for byte in bytearray(name.encode("utf-8", "surrogatepass")):
            state = _mixed((state ^ byte) & _WORD)
        self._state = state

    def bytes(self, count):
        """Return ``count`` bytes."""
        words = (_mixed(self._state + number) for number in range(1, count // 8 + 2))
        return b"".join(word.to_bytes(8, "little") for word in words)[:count]

    def bits(self, count):
        """Return a whole number of at most ``count`` bits."""
        return int.from_bytes(self.bytes((count + 7) // 8), "little") >> (-count % 8)

    def seed(self):
        """Return a number from 1 to 2**31 - 2, which every library takes as a seed."""
        return self.bits(31) % (2**31 - 2) + 1

    def numbers(self, count, bits):
        """Return ``count`` whole numbers of at most ``bits`` bits each."""
        data = self.bytes(count * 8)
        return [int.from_bytes(data[at : at + 8], "little") >> (64 - bits) for at in range(0, count * 8, 8)]


class GivenValue(HeldValue):
    """A seed that is given as a number; what takes no number for a seed gets values that are made from it."""

    def __init__(self, seed, name):
        HeldValue.__init__(self, name)
        self._seed = seed

    def seed(self):
        """Return the given number, whatever it is: a library that cannot take it says so."""
        return self._seed


def _mixed(word):
    """Return the next number of SplitMix64 (Steele, Lea and Flood, 2014) after the state ``word``."""
    word = (word + 0x9E3779B97F4A7C15) & _WORD
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & _WORD
    return word ^ (word >> 31)
