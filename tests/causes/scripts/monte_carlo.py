import random
generator = random.Random(314)
inside = sum(generator.random() ** 2 + generator.random() ** 2 < 1 for _ in range(20000))
print("pi:", 4 * inside / 20000)
