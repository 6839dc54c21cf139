import random
first = random.Random(11)
second = random.Random(12)
print("a:", first.random())
print("b:", second.random())
