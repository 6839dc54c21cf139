import random
generator = random.SystemRandom()
print("a:", generator.randrange(2**60))
