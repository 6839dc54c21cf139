import numpy as np
state = np.random.RandomState(3)
print("rand:", state.rand(2))
state.seed(4)
print("again:", state.rand(2))
