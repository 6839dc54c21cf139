"""Trains an autoencoder a few epochs at a time, and goes on where it was left."""

import argparse
import csv
import json
import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
import tensorflow as tf

EPOCHS_A_RUN = 3
FOLDER = "checkpoints"
DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "curves.csv")


class Autoencoder(tf.Module):
    def __init__(self, inputs, code, name=None):
        super().__init__(name=name)
        self.encoder = tf.Variable(tf.random.normal((inputs, code), stddev=0.3), name="encoder")
        self.decoder = tf.Variable(tf.random.normal((code, inputs), stddev=0.3), name="decoder")
        self.bias = tf.Variable(tf.zeros(inputs), name="bias")

    def __call__(self, x):
        return tf.tanh(x @ self.encoder) @ self.decoder + self.bias


class Momentum(tf.Module):
    def __init__(self, variables, rate=0.1, keep=0.9):
        super().__init__()
        self.rate, self.keep = rate, keep
        self.speeds = [tf.Variable(tf.zeros_like(v), trainable=False) for v in variables]

    def apply(self, variables, gradients):
        for variable, speed, gradient in zip(variables, self.speeds, gradients):
            speed.assign(self.keep * speed - self.rate * gradient)
            variable.assign_add(speed)


def read():
    with open(DATA, newline="") as f:
        rows = list(csv.reader(f))
    return np.array(rows[1:], dtype="float32")


def batches(values, epoch, size=16):
    return tf.data.Dataset.from_tensor_slices(values).shuffle(len(values), seed=epoch).batch(size)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=EPOCHS_A_RUN)
    parser.add_argument("--keep", type=int, default=2, help="how many checkpoints are kept")
    parser.add_argument("--restart", action="store_true")
    args = parser.parse_args()

    tf.random.set_seed(5)
    values = read()
    print("rows:", values.shape[0], "mean:", float(values.mean()))

    model = Autoencoder(values.shape[1], 3)
    optimizer = Momentum(model.trainable_variables)
    epoch = tf.Variable(0, dtype=tf.int64)
    best = tf.Variable(np.inf)
    checkpoint = tf.train.Checkpoint(model=model, optimizer=optimizer, epoch=epoch, best=best)
    manager = tf.train.CheckpointManager(checkpoint, FOLDER, max_to_keep=args.keep)

    if manager.latest_checkpoint and not args.restart:
        checkpoint.restore(manager.latest_checkpoint).assert_consumed()
        print(f"resumed from epoch {int(epoch)}")
    else:
        print("a fresh start")

    @tf.function
    def step(x):
        with tf.GradientTape() as tape:
            noisy = x + tf.random.normal(tf.shape(x), stddev=0.05)
            loss = tf.reduce_mean((model(noisy) - x) ** 2)
        variables = model.trainable_variables
        optimizer.apply(variables, tape.gradient(loss, variables))
        return loss

    history = []
    for _ in range(args.epochs):
        losses = [float(step(x)) for x in batches(values, int(epoch))]
        epoch.assign_add(1)
        mean = float(np.mean(losses))
        history.append({"epoch": int(epoch), "loss": mean})
        best.assign(min(best, mean))
        path = manager.save(checkpoint_number=int(epoch))
        print("epoch", int(epoch), "loss", mean, "->", os.path.basename(path))

    rebuilt = model(values)
    print("best loss: %.8f" % float(best))
    print("reconstruction error:", float(tf.reduce_mean(tf.abs(rebuilt - values))))
    print("code of the first row:", tf.tanh(values[:1] @ model.encoder).numpy()[0])

    with open("history.jsonl", "a") as f:
        for entry in history:
            f.write(json.dumps(entry) + "\n")
    with open("last.json", "w") as f:
        json.dump({"epoch": int(epoch), "best": float(best), "when": time.time()}, f)
    with open("history.jsonl") as f:
        print("epochs so far:", len(f.readlines()))


if __name__ == "__main__":
    main()
