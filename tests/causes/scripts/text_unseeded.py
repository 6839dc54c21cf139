import random
import numpy as np
noise = random.random()
accuracy = np.random.default_rng(1).random()
print(f"loss: {noise:.6f}")
print(f"acc: {accuracy:.6f}")
