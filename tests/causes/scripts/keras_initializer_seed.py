import keras
fixed = keras.initializers.GlorotUniform(seed=3)
loose = keras.initializers.GlorotUniform()
print("fixed:", keras.ops.convert_to_numpy(fixed((2, 2))))
print("loose:", keras.ops.convert_to_numpy(loose((2, 2))))
