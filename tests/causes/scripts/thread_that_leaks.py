import threading
import numpy as np
found = []
def work():
    found.append(np.random.default_rng().random())
thread = threading.Thread(target=work)
thread.start()
thread.join()
print("a:", found[0])
