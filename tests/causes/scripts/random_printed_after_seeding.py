import random
random.seed(1)
value = random.gauss(0, 1)
random.seed(2)
print("first:", value)
print("second:", random.gauss(0, 1))
