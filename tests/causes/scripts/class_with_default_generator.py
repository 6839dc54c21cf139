import random
class Walker:
    def __init__(self, generator=None):
        self.generator = generator or random.Random()
    def step(self):
        return self.generator.gauss(0, 1)
free = Walker()
fixed = Walker(random.Random(2))
print("a:", free.step())
print("b:", fixed.step())
