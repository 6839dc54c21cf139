"""The order in which tf.data gives its elements."""
