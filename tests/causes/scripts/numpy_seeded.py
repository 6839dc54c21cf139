import numpy as np
np.random.seed(0)
print("a:", np.random.rand(3))
print("b:", np.random.permutation(10))
