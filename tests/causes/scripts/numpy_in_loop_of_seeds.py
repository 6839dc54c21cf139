import numpy as np
means = []
for seed in (1, 2, 3):
    rng = np.random.default_rng(seed)
    means.append(rng.normal(size=10).mean())
print("mean:", sum(means))
