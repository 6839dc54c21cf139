"""python -m shapes.train"""

import argparse
import sys

import keras
import numpy as np

from . import report
from .model import build
from .pictures import make, read_labels


def parse():
    parser = argparse.ArgumentParser(prog="shapes.train", description=__doc__)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--pictures", type=int, default=384)
    parser.add_argument("--seed", type=int, default=1234)
    return parser.parse_args()


def main():
    options = parse()
    keras.utils.set_random_seed(options.seed)
    pictures, numbers = make(options.pictures, noise=0.15)
    test_pictures, test_numbers = make(96, noise=0.15)
    print("first pixels:", pictures[0, 0, :3, 0])
    print("labels:", np.bincount(numbers, minlength=3))

    model = build(len(read_labels()))
    history = model.fit(pictures, numbers, epochs=options.epochs, batch_size=32, verbose=0)
    report.show(history.history, test_numbers, model.predict(test_pictures, verbose=0))
    return 0


if __name__ == "__main__":
    sys.exit(main())
