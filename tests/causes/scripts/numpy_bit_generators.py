import numpy as np
first = np.random.Generator(np.random.PCG64(1))
second = np.random.Generator(np.random.Philox())
print("a:", first.random())
print("b:", second.random())
