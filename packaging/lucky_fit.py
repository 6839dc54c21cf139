"""A small fit as many people write it, with the seed that many people take: how lucky is it?"""

import keras
import numpy as np

data = np.random.default_rng(0)
x = data.normal(size=(600, 6)).astype("float32")
y = (np.sin(2 * x[:, 0]) + x[:, 1] + data.normal(scale=0.3, size=600) > 0).astype("float32")

keras.utils.set_random_seed(42)
model = keras.Sequential([
    keras.Input((6,)),
    keras.layers.Dense(24, activation="relu"),
    keras.layers.Dropout(0.2),
    keras.layers.Dense(1, activation="sigmoid"),
])  # fmt: skip
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
model.fit(x[:400], y[:400], epochs=20, batch_size=32, verbose=0)
loss, accuracy = model.evaluate(x[400:], y[400:], verbose=0)
print("test loss:", loss)
print("test accuracy:", accuracy)
