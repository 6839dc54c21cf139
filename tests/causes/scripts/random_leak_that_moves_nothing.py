import os
import random
token = os.urandom(16)
random.seed(1)
print("a:", random.random())
