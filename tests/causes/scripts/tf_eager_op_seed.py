import tensorflow as tf
tf.random.set_seed(1)
print("a:", tf.random.normal([2], seed=5).numpy())
print("b:", tf.random.normal([2]).numpy())
