import numpy as np
import tensorflow as tf
import keras
rng = np.random.default_rng()
model = keras.Sequential([keras.layers.Dense(1, kernel_initializer=keras.initializers.RandomNormal(seed=2))])
model.build((None, 3))
print("start:", model.get_weights()[0][:, 0])
x = rng.random((8, 3)).astype("float32")
with tf.GradientTape() as tape:
    loss = tf.reduce_mean(tf.square(model(x)))
gradients = tape.gradient(loss, model.trainable_variables)
keras.optimizers.SGD(0.1).apply_gradients(zip(gradients, model.trainable_variables))
print("step:", model.get_weights()[0][:, 0])
