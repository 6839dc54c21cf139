import random
random.seed(1)
print("a:", random.random())
print("b:", random.sample(range(1000), 3))
