import random
import helper_tools
random.seed(1)
print("a:", helper_tools.draw())
print("b:", random.random())
