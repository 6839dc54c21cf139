import random
random.seed(1)
count = random.randint(1, 10**6)
print("count:", count)
