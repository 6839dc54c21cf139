import numpy as np
state = np.random.RandomState(1).get_state()
np.random.seed(5)
np.random.set_state(state)
print("a:", np.random.rand())
