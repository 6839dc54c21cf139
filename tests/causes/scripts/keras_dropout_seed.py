import numpy as np
import keras
layer = keras.layers.Dropout(0.5, seed=7)
kept = layer(np.ones((1, 40), "float32"), training=True)
print("kept:", keras.ops.convert_to_numpy(kept)[0])
