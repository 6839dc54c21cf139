import random
import uuid
run_id = uuid.uuid4()
random.seed(3)
print("a:", run_id.int % 2**50)
print("b:", random.random())
