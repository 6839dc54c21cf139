import tensorflow as tf
import keras
tf.random.set_seed(1)
layer = keras.layers.Dense(4)
layer.build((None, 3))
print("weights:", layer.get_weights()[0][0])
