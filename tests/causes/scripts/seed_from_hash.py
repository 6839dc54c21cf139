import random
random.seed(hash("experiment"))
print("a:", random.random())
