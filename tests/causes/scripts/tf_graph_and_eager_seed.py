import tensorflow as tf
tf.random.set_seed(1)
with tf.Graph().as_default():
    op = tf.random.normal([2])
    with tf.compat.v1.Session() as session:
        value = session.run(op)
print("a:", value)
