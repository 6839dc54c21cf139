import random
def add_noise(value):
    return value + random.gauss(0, 1)
def shuffled(items):
    generator = random.Random(4)
    generator.shuffle(items)
    return items
random.seed(8)
print("noise:", add_noise(1.0))
print("order:", shuffled(list(range(20))))
