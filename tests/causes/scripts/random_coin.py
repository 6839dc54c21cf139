import random
random.seed(2)
print("coin:", random.random() < 0.5)
