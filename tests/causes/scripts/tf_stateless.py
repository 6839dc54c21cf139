import tensorflow as tf
tf.random.set_seed(1)
print("a:", tf.random.stateless_uniform([2], seed=(1, 2)).numpy())
print("b:", tf.random.uniform([2]).numpy())
