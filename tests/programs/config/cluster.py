"""k-means, as the file cluster.toml beside this one says."""
from __future__ import annotations

import csv
import json
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
from helpers.metrics import rand_index, spread

HERE = Path(__file__).parent


class Clusters(NamedTuple):
    centers: np.ndarray
    members: np.ndarray
    cost: float


def load_config() -> SimpleNamespace:
    with open(HERE / "cluster.toml", "rb") as file:
        raw = tomllib.load(file)
    return SimpleNamespace(
        title=raw["title"], **{key: SimpleNamespace(**raw[key]) for key in ("data", "cluster", "check")}
    )


def load_table(path: Path, columns: list[str]) -> tuple[np.ndarray, list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return np.array([[float(row[c]) for c in columns] for row in rows]), [row["kind"] for row in rows]


def nearest(x: np.ndarray, centers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    distances = ((x[:, None, :] - centers[None]) ** 2).sum(axis=-1)
    return distances.argmin(axis=1), distances.min(axis=1)


def start(x: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """k-means++"""
    centers = [x[rng.integers(len(x))]]
    while len(centers) < count:
        _, distances = nearest(x, np.array(centers))
        centers.append(x[rng.choice(len(x), p=distances / distances.sum())])
    return np.array(centers)


def kmeans(x: np.ndarray, weights: np.ndarray, count: int, rounds: int, rng: np.random.Generator) -> Clusters:
    centers = start(x, count, rng)
    for _ in range(rounds):
        members, _ = nearest(x, centers)
        for k in range(count):
            if np.any(members == k):
                centers[k] = np.average(x[members == k], axis=0, weights=weights[members == k])
    members, distances = nearest(x, centers)
    return Clusters(centers, members, float(weights @ distances))


def main() -> None:
    config = load_config()
    print(config.title)
    x, kinds = load_table(HERE / config.data.table, config.data.columns)
    weights = np.load(HERE / config.data.weights)
    print(f"{len(x)} rows, {x.shape[1]} columns, weights {weights.sum():.4f}")
    x = (x - x.mean(axis=0)) / x.std(axis=0)

    rng = np.random.default_rng(config.cluster.seed)
    tries = [
        kmeans(x, weights, config.cluster.count, config.cluster.rounds, rng) for _ in range(config.cluster.restarts)
    ]
    best = min(tries, key=lambda found: found.cost)
    print("costs:", [round(found.cost, 6) for found in tries])
    for k, center in enumerate(best.centers):
        values = "  ".join(f"{c}={v:+.5f}" for c, v in zip(config.data.columns, center))
        print(f"cluster {k} ({np.sum(best.members == k):3d}): {values}")
    print("spread:", spread(x, best.members))
    print("agrees with the kinds:", rand_index(best.members, kinds))

    folds = np.random.default_rng(config.check.seed).permutation(len(x)) % config.check.folds
    costs = {}
    for fold in range(config.check.folds):
        found = kmeans(x[folds != fold], weights[folds != fold], config.cluster.count, 20, rng)
        costs[fold] = float(nearest(x[folds == fold], found.centers)[1].mean())
    print("left out:", costs)

    # beside the script, wherever it was started
    results = HERE / "results.json"
    results.write_text(json.dumps({"cost": best.cost, "centers": best.centers.tolist()}, indent=1))
    np.save(HERE / "members.npy", best.members)
    print("wrote", results.name)


main()
