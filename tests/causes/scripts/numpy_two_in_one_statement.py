import numpy as np
left, right = np.random.default_rng(), np.random.default_rng()
print("both:", left.random() + right.random())
print("left:", left.random())
