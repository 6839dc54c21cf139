import random
generator = random.Random(6)
other = random.Random()
print("choice:", generator.randrange(3))
print("number:", other.random())
