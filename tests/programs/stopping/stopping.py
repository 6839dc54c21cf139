"""How long is training worth it? Early stopping on a small regression.

The seed is set, but only after the model was built.
"""

import os
import pathlib
import warnings
from dataclasses import asdict, dataclass

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import numpy as np

OUT = pathlib.Path("out")
warnings.filterwarnings("ignore", message="Skipping variable loading for optimizer")


@dataclass
class Settings:
    rows: int = 240
    hidden: int = 24
    patience: int = 2
    epochs: int = 25
    seed: int = 2024


class Watch(keras.callbacks.Callback):
    """Remembers the epoch in which the learning rate fell."""

    def __init__(self):
        super().__init__()
        self.falls = []
        self.rate = None

    def on_epoch_end(self, epoch, logs=None):
        rate = float(self.model.optimizer.learning_rate)
        if self.rate is not None and rate < self.rate:
            self.falls.append(epoch + 1)
        self.rate = rate


def friedman(rows, rng):
    """The first of Friedman's functions."""
    x = rng.uniform(size=(rows, 6)).astype("float32")
    y = 10 * np.sin(np.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2 + 10 * x[:, 3] + 5 * x[:, 4]
    y += rng.normal(size=rows)
    return x, ((y - y.mean()) / y.std()).astype("float32")


def build(settings):
    inputs = keras.Input((6,), name="x")
    hidden = keras.layers.Dense(settings.hidden, activation="relu", name="first")(inputs)
    hidden = keras.layers.Dropout(0.1)(hidden)
    hidden = keras.layers.Dense(settings.hidden, activation="relu")(hidden)
    outputs = keras.layers.Dense(1)(hidden)
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.Adam(0.02), "mse")
    return model


def callbacks(settings):
    OUT.mkdir(exist_ok=True)
    return [
        keras.callbacks.EarlyStopping(monitor="val_loss", patience=settings.patience, restore_best_weights=True),
        keras.callbacks.ReduceLROnPlateau(monitor="val_loss", patience=1, factor=0.5),
        keras.callbacks.ModelCheckpoint(OUT / "best.weights.h5", save_best_only=True, save_weights_only=True),
        keras.callbacks.CSVLogger(OUT / "log.csv"),
        Watch(),
    ]


def main():
    settings = Settings()
    print("settings:", asdict(settings))
    x, y = friedman(settings.rows, np.random.default_rng(settings.seed))
    print("data", f"{x.mean():.6f}", f"{y[:3]}")

    model = build(settings)
    print("first weights:", model.get_layer("first").kernel.numpy()[0, :4])

    keras.utils.set_random_seed(settings.seed)
    print("after the seed:", np.random.normal(), float(keras.random.uniform(())))

    before = float(model.evaluate(x, y, verbose=0))
    print("loss before training:", before)
    called = callbacks(settings)
    history = model.fit(
        x, y, validation_split=0.25, epochs=settings.epochs, batch_size=32, verbose=0, callbacks=called
    ).history

    print(f"stopped after {len(history['loss'])} epochs, best was {int(np.argmin(history['val_loss'])) + 1}")
    print("learning rate fell in", called[-1].falls)
    print("val_loss:", [round(value, 5) for value in history["val_loss"]])
    print("best val_loss:", min(history["val_loss"]))
    print("prediction:", model.predict(x[:2], verbose=0).ravel())
    again = build(settings)
    again.load_weights(OUT / "best.weights.h5")
    print("from the file the same:", bool(np.allclose(again.predict(x, verbose=0), model.predict(x, verbose=0))))
    print("improved:", float(again.evaluate(x, y, verbose=0)) < before)


if __name__ == "__main__":
    main()
