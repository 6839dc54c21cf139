"""What differs between versions of TensorFlow in how ops get their seeds.

Read in ``get_seed`` of tensorflow/python/framework/random_seed.py, 1.15.5 and 2.21.0: up to 2.1 an op without a seed of
its own takes ``_last_id``, the graph's number of operations so far, from 2.2 on a count of such ops.
"""

from seedlab.evidence.counterparts import Counterpart
from seedlab.evidence.finding import Finding, Parameter

_PACKAGE = "tensorflow"
_CHANGED = (2, 2)


def between(older: Counterpart, newer: Counterpart) -> Finding | None:
    before, after = older.release(_PACKAGE), newer.release(_PACKAGE)
    if not before or not before < _CHANGED <= after:
        return None
    pair, other = _pair_without_op_seed(older), _pair_without_op_seed(newer)
    if pair is None or other is None or pair == other:
        return None
    return Finding.of("tensorflow.numbering", ops=(older.op,), older=pair, newer=other)


def _pair_without_op_seed(draw: Counterpart) -> Parameter:
    found = (each["pair"] for each in draw.findings if each.code == "tensorflow.graph-seed")
    return next(found, None)
