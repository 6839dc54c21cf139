import tensorflow as tf
print("a:", tf.random.normal([2]).numpy())
