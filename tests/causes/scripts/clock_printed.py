import random
import time
random.seed(1)
started = time.perf_counter()
values = [random.random() for _ in range(1000)]
print("elapsed:", time.perf_counter() - started)
print("b:", values[-1])
