import random
import numpy as np
number = random.randrange(2**31)
np.random.seed(number)
print("a:", np.random.rand())
