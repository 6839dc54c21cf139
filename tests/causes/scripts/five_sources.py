import os
import random
import numpy as np
x = random.random()
y = np.random.rand()
z = np.random.default_rng().random()
unused = os.urandom(8)
print("py:", x)
print("np:", y)
print("gen:", z)
print("mix:", x + y + z)
