import random
import numpy as np
random.seed(1)
np.random.seed(2)
print("a:", random.random() * np.random.rand())
