# predicts the next value of a noisy sine. nothing has a seed here.
import sys
import time
import numpy as np
import keras
from keras import layers
from progress import Bar

WINDOW = 12
EPOCHS = 3
STEPS = 400


def make_series(n):
    bar = Bar("series", n)
    values = []
    phase = np.random.rand() * 6.28
    for i in range(n):
        values.append(np.sin(0.2 * i + phase) + 0.1 * np.random.randn())
        bar.step()
        if i % 40 == 0:
            time.sleep(0.005)
    bar.close()
    return np.array(values, dtype="float32")


def windows(series):
    x = np.lib.stride_tricks.sliding_window_view(series, WINDOW)[:-1]
    y = series[WINDOW:]
    return x[..., None], y


class OneLine(keras.callbacks.Callback):
    """Writes one line on stderr that is overwritten."""

    def on_train_begin(self, logs=None):
        self.bar = Bar("training", self.params["epochs"] * self.params["steps"])

    def on_train_batch_end(self, batch, logs=None):
        self.bar.step("loss=%.4f" % logs["loss"])

    def on_train_end(self, logs=None):
        self.bar.close()


def build(kind):
    if kind == "dense":
        inner = [layers.Flatten(), layers.Dense(16, activation="tanh")]
    else:
        inner = [layers.SimpleRNN(8)]
    m = keras.Sequential([keras.Input((WINDOW, 1))] + inner + [layers.Dense(1)])
    m.compile("adam", "mse", metrics=["mae"])
    return m


series = make_series(STEPS)
x, y = windows(series)
split = int(0.8 * len(y))
print("windows", x.shape, "targets", y.shape)
print("first value: %.6f" % series[0])

result = {}
for kind in ["dense", "rnn"]:
    print("=== " + kind + " ===")
    model = build(kind)
    print("parameters:", model.count_params())
    if kind == "dense":
        h = model.fit(x[:split], y[:split], batch_size=16, epochs=EPOCHS, validation_split=0.1)
    else:
        h = model.fit(x[:split], y[:split], batch_size=16, epochs=EPOCHS, verbose=0, callbacks=[OneLine()])
    result[kind] = model.evaluate(x[split:], y[split:], verbose=0, return_dict=True)
    print(kind, "final loss:", h.history["loss"][-1])
    sys.stdout.flush()

print("\nresults")
for kind in result:
    print("  %-6s mse %.6f  mae %.6f" % (kind, result[kind]["loss"], result[kind]["mae"]))
naive = np.mean((x[split:, -1, 0] - y[split:]) ** 2)
print("  %-6s mse %.6f" % ("naive", naive))
best = min(result, key=lambda k: result[k]["loss"])
print("best is", best)
