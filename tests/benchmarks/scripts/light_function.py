"""A few steps of a tf.function: hardly more than TensorFlow's import."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import tensorflow as tf

w = tf.Variable(tf.random.normal([4, 1]))
x = tf.random.stateless_normal([32, 4], seed=(1, 2))
y = tf.reduce_sum(x, axis=1, keepdims=True)


@tf.function
def step():
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((x @ w - y) ** 2)
    w.assign_sub(0.1 * tape.gradient(loss, w))
    return loss


if __name__ == "__main__":
    print("x:", float(tf.reduce_mean(x)))
    for _ in range(10):
        loss = step()
    print("loss:", float(loss))
    print("w:", w.numpy().ravel())
