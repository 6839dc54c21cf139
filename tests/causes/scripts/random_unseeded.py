import random
x = random.random()
print("a:", x)
