"""TensorFlow's functions: an op gets its seeds when the function is traced."""
