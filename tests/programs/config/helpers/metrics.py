import itertools

import numpy as np


def spread(x, members):
    return {int(k): float(np.linalg.norm(x[members == k] - x[members == k].mean(axis=0))) for k in np.unique(members)}


def rand_index(members, kinds):
    """The share of pairs on which both agree."""
    agree = total = 0
    for (a, b), (c, d) in zip(itertools.combinations(members, 2), itertools.combinations(kinds, 2)):
        agree += (a == b) == (c == d)
        total += 1
    return agree / total
