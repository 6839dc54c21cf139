"""The words for what no seed reaches."""

from seedlab.phrases import noted

NO_FIX = {
    "clock": noted(
        "It comes from the clock, which no seed reaches: hand the time to the script as an argument, "
        "or keep it apart from what has to repeat."
    ),
    "uuid": noted(
        "uuid4() asks the system for entropy, and takes no seed: make the name from a seeded "
        "generator, as in uuid.UUID(int=random.getrandbits(128))."
    ),
    "system-entropy": noted(
        "At {place} it asks the system for entropy, which takes no seed: where it need not be "
        "secret, use random.Random(0) or numpy.random.default_rng(0)."
    ),
    "addresses": noted(
        "It depends on where objects lie in memory (id, a default hash or repr), which no seed "
        "reaches: sort by a key of its own."
    ),
}
