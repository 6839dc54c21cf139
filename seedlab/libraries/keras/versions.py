"""What differs between versions of Keras in where layers get their seeds.

Read in keras/src/backend.py of 2.15.0 (``RandomGenerator``: without a seed, TensorFlow's ops with the global seed) and
in keras/src/random/seed_generator.py of 3.15.1 (``SeedGenerator``: without a seed, one that Python's random draws).
"""

from seedlab.evidence.counterparts import Counterpart
from seedlab.evidence.finding import Finding

_PACKAGE = "keras"
_CHANGED = (3,)
_SEED = "tf.random.set_seed"


def between(older: Counterpart, newer: Counterpart) -> Finding | None:
    before, after = older.release(_PACKAGE), newer.release(_PACKAGE)
    if not before or not before < _CHANGED <= after or older.moved_by is None or newer.moved_by is None:
        return None
    was_seeded = any(source.door == _SEED for source in older.moved_by)
    is_seeded = any(source.door == _SEED for source in newer.moved_by)
    own = any(source.used_by or source.library == _PACKAGE for source in newer.moved_by)
    if not was_seeded or is_seeded or not own:
        return None
    return Finding.of("keras.own-seeds", ops=(older.op,))
