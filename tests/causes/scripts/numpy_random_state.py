import numpy as np
fixed = np.random.RandomState(3)
loose = np.random.RandomState()
print("a:", fixed.rand(2))
print("b:", loose.rand(2))
