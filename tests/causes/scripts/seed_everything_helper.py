import random
import numpy as np
def seed_everything(seed):
    random.seed(seed)
    np.random.seed(seed)
seed_everything(42)
print("a:", random.random())
print("b:", np.random.rand())
