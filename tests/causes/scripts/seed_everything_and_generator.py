import random
import numpy as np
def set_seeds(seed):
    random.seed(seed)
    np.random.seed(seed)
def batches():
    rng = np.random.default_rng()
    return rng.permutation(50)
set_seeds(0)
print("a:", np.random.rand() + random.random())
print("b:", batches())
