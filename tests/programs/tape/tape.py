"""A custom training loop. Three models on the same spiral, which differ in where their randomness comes from."""
import os
import random
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"

import numpy as np
import tensorflow as tf
from tensorflow import keras

tf.random.set_seed(42)

POINTS = 256
BATCH = 32
EPOCHS = 6
LEARNING_RATE = 0.05


def spiral(n):
    turn = tf.random.uniform([n], 0.0, 3.0)
    side = tf.cast(tf.range(n) % 2, tf.float32)
    angle = turn * 2.0 + side * np.pi
    noise = tf.random.normal([n, 2], stddev=0.08)
    x = tf.stack([turn * tf.cos(angle), turn * tf.sin(angle)], axis=1) / 3.0 + noise
    return x, side


class Dense(tf.Module):
    """As one writes it before one knows Keras: its weights come from TensorFlow's seed."""

    def __init__(self, inputs, outputs, activation=tf.identity):
        super().__init__()
        self.w = tf.Variable(tf.random.normal([inputs, outputs], stddev=inputs**-0.5))
        self.b = tf.Variable(tf.zeros([outputs]))
        self.activation = activation

    def __call__(self, x):
        return self.activation(x @ self.w + self.b)


class Plain(tf.Module):
    def __init__(self):
        super().__init__()
        self.layers = [Dense(2, 16, tf.tanh), Dense(16, 1)]

    def __call__(self, x, training=False):
        for layer in self.layers:
            x = layer(x)
        return x[:, 0]


class Shaken(Plain):
    """Shakes its input by an amount that Python draws, while it is traced."""

    def __call__(self, x, training=False):
        if training:
            x = x * (0.9 + 0.2 * random.random())
        return super().__call__(x)


class OfKeras(tf.Module):
    def __init__(self):
        super().__init__()
        self.inner = keras.Sequential(
            [keras.Input((2,)), keras.layers.Dense(16, activation="tanh"), keras.layers.Dense(1)]
        )

    @property
    def trainable_variables(self):
        return [v.value for v in self.inner.trainable_variables]

    def __call__(self, x, training=False):
        return self.inner(x, training=training)[:, 0]


def clipped(gradients):
    gradients, norm = tf.clip_by_global_norm(gradients, 1.0)
    return gradients, norm


class Trainer:
    def __init__(self, model):
        self.model = model
        self.norm = tf.Variable(0.0)
        self.traces = 0

    @tf.function
    def step(self, x, y):
        self.traces += 1
        with tf.GradientTape() as tape:
            logits = self.model(x, training=True)
            loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=logits))
        variables = self.model.trainable_variables
        gradients, norm = clipped(tape.gradient(loss, variables))
        for variable, gradient in zip(variables, gradients):
            variable.assign_sub(LEARNING_RATE * gradient)
        self.norm.assign(norm)
        return loss

    @tf.function
    def accuracy(self, x, y):
        return tf.reduce_mean(tf.cast(tf.equal(self.model(x) > 0.0, y > 0.5), tf.float32))

    def train(self, dataset):
        losses = []
        for _ in range(EPOCHS):
            total, count = 0.0, 0
            for x, y in dataset:
                total += float(self.step(x, y))
                count += 1
            losses.append(total / count)
        return losses


x, y = spiral(POINTS)
tf.print("points:", x[:2], "mean", tf.reduce_mean(x))
dataset = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(POINTS).batch(BATCH)

table = []
for kind in (Plain, Shaken, OfKeras):
    name = kind.__name__.lower()
    started = time.time()
    trainer = Trainer(kind())
    losses = trainer.train(dataset)
    print(f"{name} losses: {losses}")
    print(f"{name}: final {losses[-1]:.9f}, norm {float(trainer.norm):.9f}, traced {trainer.traces} times")
    table.append((name, losses[-1], float(trainer.accuracy(x, y)), time.time() - started))

print()
print("| model | loss | accuracy | seconds |")
print("|---|---|---|---|")
for name, loss, accuracy, seconds in table:
    print(f"| {name} | {loss:.6f} | {accuracy:.3f} | {seconds:.4f} |")
print("one more draw:", tf.random.uniform([2]).numpy())
