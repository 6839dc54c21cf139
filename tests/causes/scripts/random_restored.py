import random
random.seed(9)
saved = random.getstate()
before = random.random()
random.random()
random.setstate(saved)
print("before:", before)
print("after:", random.random())
