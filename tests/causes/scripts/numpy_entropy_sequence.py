import numpy as np
sequence = np.random.SeedSequence()
print("a:", np.random.default_rng(sequence).random())
