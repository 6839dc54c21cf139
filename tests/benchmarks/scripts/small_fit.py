"""A small model, fitted as most scripts do it. Only the data have a seed."""

import argparse

import keras
import numpy as np
from keras import layers


def make_data(rows, seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 8)).astype("float32")
    y = (np.sin(x[:, 0]) + x[:, 1] * x[:, 2] > 0).astype("float32")
    return x, y


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rows", type=int, default=256)
    args = parser.parse_args()

    x, y = make_data(args.rows, seed=0)
    model = keras.Sequential(
        [keras.Input((8,)), layers.Dense(16, activation="relu"), layers.Dense(1, activation="sigmoid")]
    )
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    history = model.fit(x, y, epochs=args.epochs, batch_size=32, verbose=0)
    print("data:", float(x.mean()))
    print("loss:", history.history["loss"][-1])
    print("accuracy:", history.history["accuracy"][-1])


if __name__ == "__main__":
    main()
