import random
import numpy as np
random.seed(1)
x = np.random.rand()
y = random.random()
print("a:", y)
print("b:", x)
print("c:", x + y)
