import random
random.seed(0)
print("epochs:", 10)
print("version:", 2.5)
print("a:", random.random())
