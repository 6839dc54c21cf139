#!/usr/bin/env python3
"""Train a small spam filter.

    python train.py --epochs 3 --seed 42

The seeds are set as in most tutorials, and yet the loss is another one each time.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf
from tensorflow import keras
from tqdm import tqdm

import mailbox_data

log = logging.getLogger("spam")


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mails", type=int, default=256, help="how many mails to make up")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--width", type=int, default=8, help="numbers for each word")
    parser.add_argument("--dropout", type=float, default=0.2)
    parser.add_argument("--lr", type=float, default=0.02)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--history", type=Path, help="write what was measured as JSON")
    parser.add_argument("-q", "--quiet", action="store_true", help="no progress bar")
    return parser.parse_args(arguments)


def set_up_logging() -> None:
    logging.basicConfig(
        level=logging.INFO,
        stream=sys.stdout,
        format="%(asctime)s %(levelname)s %(message)s",
        datefmt="%H:%M:%S",
    )


def build(words: int, options: argparse.Namespace) -> keras.Model:
    """A bag of words that learns what each of them is worth."""
    model = keras.Sequential(
        [
            keras.layers.Input((None,), dtype="int32"),
            keras.layers.CategoryEncoding(words, output_mode="multi_hot"),
            keras.layers.Dense(options.width, activation="relu", name="meaning"),
            keras.layers.Dropout(options.dropout),
            keras.layers.Dense(1, activation="sigmoid", name="verdict"),
        ],
        name="filter",
    )
    model.compile(
        optimizer=keras.optimizers.Adam(options.lr),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )
    return model


def train_epoch(model: keras.Model, mails: mailbox_data.Mails, options: argparse.Namespace, epoch: int) -> float:
    """Show the model all mails once; return the mean loss."""
    losses = []
    steps = (len(mails) + options.batch - 1) // options.batch
    bar = tqdm(
        mails.batches(options.batch),
        total=steps,
        desc=f"epoch {epoch}/{options.epochs}",
        disable=options.quiet,
        leave=False,
    )
    for x, y in bar:
        loss, _ = model.train_on_batch(x, y)
        losses.append(float(loss))
        bar.set_postfix(loss=f"{losses[-1]:.4f}")
    return float(np.mean(losses))


def evaluate(model: keras.Model, mails: mailbox_data.Mails) -> tuple[float, float]:
    loss, accuracy = model.evaluate(mails.x, mails.y, verbose=0)
    return float(loss), float(accuracy)


def most_suspicious(model: keras.Model, count: int = 3) -> list[str]:
    """The words that the model takes for spam."""
    words = np.arange(len(mailbox_data.WORDS), dtype="int32")[:, None]
    scores = model.predict(words, verbose=0)[:, 0]
    return [mailbox_data.WORDS[number] for number in np.argsort(-scores)[:count]]


def main(arguments: list[str] | None = None) -> int:
    options = parse(arguments)
    set_up_logging()

    # Reproducible, or so they say.
    np.random.seed(options.seed)
    tf.random.set_seed(options.seed)

    started = time.perf_counter()
    mails = mailbox_data.make(options.mails)
    train, test = mails.split(0.25)
    log.info("%d mails to learn from, %d to test with", len(train), len(test))

    model = build(len(mailbox_data.WORDS), options)
    first = model.get_layer("meaning").get_weights()[0]
    print("first weights:", first[1, :3])

    history = []
    for epoch in range(1, options.epochs + 1):
        loss = train_epoch(model, train, options, epoch)
        history.append(loss)
        log.info("epoch %d: loss %.4f", epoch, loss)

    loss, accuracy = evaluate(model, test)
    print("loss:", loss)
    print(f"test accuracy: {accuracy:.3f}")
    print("suspicious:", " ".join(most_suspicious(model)))
    log.info("done in %.1f s", time.perf_counter() - started)

    if options.history:
        options.history.write_text(json.dumps({"loss": history, "accuracy": accuracy}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
