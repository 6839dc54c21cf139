import random
random.seed(1)
thing = object()
print("a:", id(thing))
print("b:", random.random())
