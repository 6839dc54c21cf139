import random
import time
random.seed(time.time())
print("a:", random.random())
