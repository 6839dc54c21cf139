import random
early = random.random()
random.seed(7)
print("early:", early)
print("late:", random.random())
