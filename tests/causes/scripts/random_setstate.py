import random
random.seed(1)
saved = random.Random(5).getstate()
random.setstate(saved)
print("a:", random.random())
print("b:", random.random())
