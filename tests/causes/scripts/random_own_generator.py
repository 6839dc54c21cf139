import random
random.seed(3)
class Sampler:
    def __init__(self):
        self.generator = random.Random()
    def draw(self):
        return self.generator.uniform(0, 1)
sampler = Sampler()
print("own:", sampler.draw())
print("shared:", random.uniform(0, 1))
