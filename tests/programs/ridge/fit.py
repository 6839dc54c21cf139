#!/usr/bin/env python3
"""Ridge regression by gradient descent on made-up data, with a bootstrap for the error bars."""

import argparse
import json
import os
import sys

import numpy as np


def positive(text):
    value = float(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not positive")
    return value


def get_args(argv=None):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    data = p.add_argument_group("data")
    data.add_argument("-n", "--samples", type=int, default=200)
    data.add_argument("-d", "--features", type=int, default=6)
    data.add_argument("--noise", type=positive, default=0.5)
    fit = p.add_argument_group("fit")
    fit.add_argument("--lr", type=positive, default=0.05, help="step of gradient descent")
    fit.add_argument("--steps", type=int, default=300)
    fit.add_argument("--penalty", type=float, default=0.1, metavar="L2")
    fit.add_argument("--shuffle", action=argparse.BooleanOptionalAction, default=True)
    p.add_argument("--seed", type=int, default=None, help="of the data and of the order; none: another each time")
    p.add_argument("--bootstrap", type=int, default=0, metavar="B")
    p.add_argument("--json", metavar="FILE", help="write the weights there")
    p.add_argument("-v", "--verbose", action="count", default=0)
    return p.parse_args(argv)


def make_data(args, rng):
    X = rng.standard_normal((args.samples, args.features))
    w = rng.uniform(-2, 2, args.features)
    y = X @ w + args.noise * rng.standard_normal(args.samples)
    return X, y, w


def gradient(X, y, w, penalty):
    return X.T @ (X @ w - y) / len(y) + penalty * w


def loss(X, y, w, penalty):
    return 0.5 * np.mean((X @ w - y) ** 2) + 0.5 * penalty * (w @ w)


def descend(X, y, args, rng):
    w = np.zeros(X.shape[1])
    batch = 32
    for step in range(args.steps):
        if args.shuffle:
            rows = rng.permutation(len(y))[:batch]
        else:
            rows = np.arange(step * batch, (step + 1) * batch) % len(y)
        w -= args.lr * gradient(X[rows], y[rows], w, args.penalty)
        if args.verbose and step % 100 == 0:
            print(f"step {step:4d}  loss {loss(X, y, w, args.penalty):.8f}")
    return w


def exact(X, y, penalty):
    d = X.shape[1]
    return np.linalg.solve(X.T @ X / len(y) + penalty * np.eye(d), X.T @ y / len(y))


def bootstrap(X, y, args):
    # np.random, not rng: nobody gave this one a seed
    weights = np.empty((args.bootstrap, X.shape[1]))
    for b in range(args.bootstrap):
        rows = np.random.choice(len(y), size=len(y))
        weights[b] = exact(X[rows], y[rows], args.penalty)
    return weights.std(axis=0)


def main():
    args = get_args()
    rng = np.random.default_rng(args.seed)
    print(os.path.basename(sys.argv[0]), *sys.argv[1:])

    X, y, truth = make_data(args, rng)
    print("data:", {"mean": float(X.mean()), "y": float(y.mean())})
    w = descend(X, y, args, rng)
    best = exact(X, y, args.penalty)
    print("weights:", w)
    print(f"final loss = {loss(X, y, w, args.penalty):.10f} (best {loss(X, y, best, args.penalty):.10f})")
    print("distance:", float(np.linalg.norm(w - best)))

    if args.bootstrap:
        errors = bootstrap(X, y, args)
        print("error bars:", errors)
        print()
        print("feature      true     found        +-")
        for i in range(args.features):
            print(f"x{i:<6d} {truth[i]:9.4f} {w[i]:9.4f} {errors[i]:9.6f}")
        print("inside two error bars:", int(np.sum(np.abs(w - truth) < 2 * errors)), "of", args.features)

    if args.json:
        with open(args.json, "w") as f:
            json.dump({"weights": w.tolist(), "args": vars(args)}, f, indent=2)


if __name__ == "__main__":
    main()
