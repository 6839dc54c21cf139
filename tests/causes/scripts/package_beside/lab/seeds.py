import random
_GENERATOR = random.Random(0)
def fix(number):
    _GENERATOR.seed(number)
def draw():
    return _GENERATOR.random()
