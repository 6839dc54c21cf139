import tensorflow as tf
def double(value):
    return tf.py_function(lambda inner: inner * 2, [value], tf.int64)
dataset = tf.data.Dataset.range(60).map(double, num_parallel_calls=8, deterministic=False)
print("items:", [int(item) for item in dataset])
