import random
random.seed(4)
value = 0.0
while value < 0.9:
    value = random.random()
print("a:", value)
