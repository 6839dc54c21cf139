import tensorflow as tf
seeded = tf.random.Generator.from_seed(1)
loose = tf.random.Generator.from_non_deterministic_state()
print("a:", seeded.normal([2]).numpy())
print("b:", loose.normal([2]).numpy())
