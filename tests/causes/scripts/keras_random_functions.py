import keras
print("a:", keras.ops.convert_to_numpy(keras.random.normal((2,), seed=5)))
generator = keras.random.SeedGenerator(9)
print("b:", keras.ops.convert_to_numpy(keras.random.uniform((2,), seed=generator)))
