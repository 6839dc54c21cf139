import numpy as np
sequence = np.random.SeedSequence(99)
first, second = (np.random.default_rng(child) for child in sequence.spawn(2))
print("a:", first.random())
print("b:", second.random())
