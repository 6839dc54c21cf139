import numpy as np
def noise():
    return np.random.default_rng().normal()
