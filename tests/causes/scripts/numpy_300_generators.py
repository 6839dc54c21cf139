import numpy as np
total = 0.0
for _ in range(300):
    total += np.random.default_rng().random()
print("total:", total)
