"""What differs between versions of TensorFlow in how ops get their seeds.

Read in ``get_seed`` of tensorflow/python/framework/random_seed.py, 1.15.5 and 2.21.0: up to 2.1 an op without a seed of
its own takes ``_last_id``, the graph's number of operations so far, from 2.2 on a count of such ops.
"""

from typing import cast

from seedlab.evidence.counterparts import Counterpart
from seedlab.evidence.finding import Finding

_PACKAGE = "tensorflow"
_CHANGED = (2, 2)


def between(older: Counterpart, newer: Counterpart) -> Finding | None:
    before, after = older.release(_PACKAGE), newer.release(_PACKAGE)
    if not before or not before < _CHANGED <= after:
        return None
    pair, other = _pair_without_op_seed(older), _pair_without_op_seed(newer)
    # With another graph seed, other pairs say nothing of the numbering.
    if pair is None or other is None or pair[0] != other[0] or pair[1] == other[1]:
        return None
    return Finding.of("tensorflow.numbering", ops=(older.op,), first=older.op, older=pair, newer=other)


def _pair_without_op_seed(draw: Counterpart) -> tuple[int, int] | None:
    found = (each["pair"] for each in draw.findings if each.code == "tensorflow.graph-seed")
    return cast("tuple[int, int] | None", next(found, None))
