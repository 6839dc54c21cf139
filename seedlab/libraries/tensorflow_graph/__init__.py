"""TensorFlow in graph mode."""
