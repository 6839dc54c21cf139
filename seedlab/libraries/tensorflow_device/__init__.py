"""TensorFlow's devices: where ops really run, and what threads and replicas change."""
