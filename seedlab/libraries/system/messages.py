"""The words for what no seed reaches."""

NO_FIX = {
    "clock": "It comes from the clock, which no seed reaches: hand the time to the script as an argument, or keep it "
    "apart from what has to repeat.",
    "uuid": "uuid4() asks the system for entropy, and takes no seed: make the name from a seeded generator, as in "
    "uuid.UUID(int=random.getrandbits(128)).",
    "system-entropy": "At {place} it asks the system for entropy, which takes no seed: where it need not be secret, "
    "use random.Random(0) or numpy.random.default_rng(0).",
    "addresses": "It depends on where objects lie in memory (id, a default hash or repr), which no seed reaches: sort "
    "by a key of its own.",
}
