import os
import random
random.seed(1)
print("a:", os.getpid())
print("b:", random.random())
