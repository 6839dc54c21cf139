import random
import numpy as np
random.seed(42)
np.random.seed(42)
rng = np.random.default_rng()
print("a:", rng.normal())
