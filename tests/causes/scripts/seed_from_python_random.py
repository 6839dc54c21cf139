import random
import tensorflow as tf
number = random.randrange(2**31)
tf.random.set_seed(number)
print("a:", tf.random.normal([2]).numpy())
