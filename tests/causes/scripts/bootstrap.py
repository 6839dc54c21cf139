import numpy as np
data = np.random.default_rng(1).normal(size=200)
rng = np.random.default_rng()
means = [rng.choice(data, 200).mean() for _ in range(50)]
print("mean:", np.mean(means))
print("low:", np.quantile(means, 0.05))
