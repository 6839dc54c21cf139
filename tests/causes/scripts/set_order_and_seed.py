import random
random.seed(1)
names = {"name%d" % number for number in range(40)}
print("picked:", [int(name[4:]) for name in random.sample(list(names), 5)])
