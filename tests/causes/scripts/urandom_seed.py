import os
import random
entropy = int.from_bytes(os.urandom(8), "little")
random.seed(entropy)
print("a:", random.random())
