import tensorflow as tf
tf.random.set_seed(2)
dataset = tf.data.Dataset.range(30).shuffle(30, seed=1)
print("order:", [int(item) for item in dataset])
