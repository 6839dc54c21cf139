"""TensorFlow's random generators, and its stateless ops: those that get all of their seed where they are called."""
