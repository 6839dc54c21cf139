import numpy as np
data = np.random.rand(3)
print("a:", data)
