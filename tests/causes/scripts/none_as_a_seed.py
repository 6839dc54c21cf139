import random
import numpy as np


def draw(seed=None):
    random.seed(seed)
    rng = np.random.default_rng(seed)
    print("a:", random.random())
    print("b:", rng.random())


draw()
