import argparse
import random
import numpy as np
parser = argparse.ArgumentParser()
parser.add_argument("--seed", type=int)
args = parser.parse_args()
if args.seed is not None:
    random.seed(args.seed)
    np.random.seed(args.seed)
print("a:", random.random())
print("b:", np.random.rand(2))
