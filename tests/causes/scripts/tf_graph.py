import tensorflow.compat.v1 as tf
with tf.Graph().as_default():
    tf.set_random_seed(4)
    first = tf.random_normal([2])
    second = tf.random_normal([2], seed=6)
    with tf.Session() as session:
        one, two = session.run([first, second])
print("a:", one)
print("b:", two)
