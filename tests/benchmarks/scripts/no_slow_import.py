"""Nothing but the standard library, and some tenths of a second of work."""

import random
import statistics
from dataclasses import dataclass


@dataclass
class Walk:
    steps: int
    end: int
    turns: int


def walk(steps, draw):
    place, turns, before = 0, 0, 0
    for _ in range(steps):
        step = draw.choice((-1, 1))
        turns += step != before
        before = step
        place += step
    return Walk(steps, place, turns)


def main():
    seeded, free = random.Random(1), random.Random()
    for name, draw in (("seeded", seeded), ("free", free)):
        walks = [walk(500, draw) for _ in range(200)]
        print(f"{name} mean:", statistics.mean(w.end for w in walks))
        print(f"{name} spread:", statistics.pstdev(w.end for w in walks))
        print(f"{name} turns:", sum(w.turns for w in walks))


if __name__ == "__main__":
    main()
