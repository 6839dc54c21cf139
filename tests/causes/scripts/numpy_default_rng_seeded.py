import numpy as np
rng = np.random.default_rng(7)
print("a:", rng.integers(0, 2**40))
