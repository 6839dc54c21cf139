from importlib import resources

import numpy as np

SIZE = 16


def read_labels():
    text = resources.files(__package__).joinpath("labels.txt").read_text(encoding="utf-8")
    return text.split()


def _grid(center):
    y, x = np.mgrid[0:SIZE, 0:SIZE]
    return y - center[0], x - center[1]


def circle(center, radius):
    y, x = _grid(center)
    return np.hypot(y, x) < radius


def square(center, radius):
    y, x = _grid(center)
    return (np.abs(y) < radius * 0.9) & (np.abs(x) < radius * 0.9)


def cross(center, radius):
    y, x = _grid(center)
    inside = (np.abs(y) < radius) & (np.abs(x) < radius)
    return inside & ((np.abs(y) < 1.2) | (np.abs(x) < 1.2))


DRAW = {"circle": circle, "square": square, "cross": cross}


def make(count, noise, rng=None):
    """Pictures of shape (count, SIZE, SIZE, 1) and the number of the label of each."""
    rng = rng or np.random
    labels = read_labels()
    pictures = np.empty((count, SIZE, SIZE, 1), "float32")
    numbers = np.empty(count, "int32")
    for i in range(count):
        number = int(rng.uniform(0, len(labels)))
        center = rng.uniform(5, SIZE - 5, size=2)
        radius = rng.uniform(2.5, 5)
        picture = DRAW[labels[number]](center, radius).astype("float32")
        picture += noise * rng.normal(size=picture.shape)
        pictures[i, ..., 0] = picture
        numbers[i] = number
    return pictures, numbers
