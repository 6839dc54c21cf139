import random
random.seed("a text")
print("a:", random.random())
