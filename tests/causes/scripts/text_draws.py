import random
random.seed(0)
loss = random.random()
print(f"loss: {loss:.6f}")
