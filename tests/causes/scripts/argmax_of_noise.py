import numpy as np
rng = np.random.default_rng()
print("best:", int(rng.random(5).argmax()))
