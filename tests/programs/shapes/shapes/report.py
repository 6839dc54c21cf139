import numpy as np

from . import __version__
from .pictures import read_labels


def confusion(truth, guess, classes):
    table = np.zeros((classes, classes), int)
    np.add.at(table, (truth, guess), 1)
    return table


def show(history, truth, logits):
    labels = read_labels()
    guess = logits.argmax(axis=1)
    print(f"shapes {__version__}")
    for epoch, (loss, accuracy) in enumerate(zip(history["loss"], history["accuracy"]), 1):
        print(f"epoch {epoch}: loss {loss:.6f}, accuracy {accuracy:.4f}")
    table = confusion(truth, guess, len(labels))
    print("confusion:")
    print(" " * 8 + "".join(f"{label:>8}" for label in labels))
    for label, row in zip(labels, table):
        print(f"{label:>8}" + "".join(f"{number:8d}" for number in row))
    print("test accuracy:", float(np.mean(guess == truth)))
    print("mean logits:", logits.mean(axis=0))
