import time
import numpy as np
def fresh():
    return np.random.default_rng(time.time_ns())
rng = fresh()
np.random.seed(4)
print("a:", rng.random())
print("b:", np.random.rand())
