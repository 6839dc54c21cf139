import random
random.seed(1)
with open("/dev/urandom", "rb") as file:
    print("a:", int.from_bytes(file.read(6), "little"))
print("b:", random.random())
