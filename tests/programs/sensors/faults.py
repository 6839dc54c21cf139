"""Faults to be found again."""

import json
import logging
import random

log = logging.getLogger(__name__)


def spike(values, at):
    values[at] += random.choice([-1, 1]) * random.uniform(2, 4)
    return [at]


def stuck(values, at):
    values[at : at + 4] = values[at] + 1.5
    return list(range(at, at + 4))


def dropout(values, at):
    values[at] = 0
    return [at]


KINDS = [spike, stuck, dropout]


def plant(values, count=8):
    places = []
    for _ in range(count):
        kind = random.choice(KINDS)
        at = random.randrange(5, len(values) - 10)
        log.debug("%s at %d", kind.__name__, at)
        places += kind(values, at)
    return places


def read(path):
    with open(path) as file:
        return json.load(file)
