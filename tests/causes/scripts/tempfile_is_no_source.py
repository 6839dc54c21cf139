import random
import tempfile
random.seed(1)
with tempfile.TemporaryDirectory() as folder:
    value = random.random()
print("a:", value)
