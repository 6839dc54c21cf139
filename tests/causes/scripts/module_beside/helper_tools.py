import random
GENERATOR = random.Random()
def draw():
    return GENERATOR.random()
