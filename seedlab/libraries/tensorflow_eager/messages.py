"""The words for what TensorFlow's eager mode has of its own."""

SOURCES = {"tf.image.sample_distorted_bounding_box": "tf.image.sample_distorted_bounding_box"}
