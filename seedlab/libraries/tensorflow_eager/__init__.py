"""TensorFlow in eager mode: each call is an op of its own."""
