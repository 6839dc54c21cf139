import numpy as np
generator = np.random.Generator(np.random.Philox(key=9))
print("philox:", generator.random(2))
