"""Look for faults in the readings of some sensors; says what it does in a log."""

import logging
import logging.config
import random
import sys
import time
import warnings

import numpy as np

import faults

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "screen": {"format": "%(asctime)s.%(msecs)03d %(levelname)-7s %(name)s: %(message)s", "datefmt": "%H:%M:%S"},
        "file": {"format": "%(asctime)s [%(process)d] %(filename)s:%(lineno)d %(message)s"},
    },
    "handlers": {
        "screen": {"class": "logging.StreamHandler", "formatter": "screen", "level": "INFO"},
        "file": {
            "class": "logging.FileHandler",
            "filename": "sensors.log",
            "formatter": "file",
            "level": "DEBUG",
            "mode": "a",
        },
    },
    "root": {"handlers": ["screen", "file"], "level": "DEBUG"},
}

log = logging.getLogger("sensors" if __name__ == "__main__" else __name__)


class Sensor:
    def __init__(self, name, level, noise):
        self.name = name
        self.level = level
        self.noise = noise
        self.log = log.getChild(name)

    def read(self, count):
        drift = np.cumsum(np.random.normal(0, 0.02, count))
        values = self.level + drift + np.random.normal(0, self.noise, count)
        self.log.debug("read %d values, mean %.3f", count, values.mean())
        return values


def smooth(values, width=9):
    padded = np.pad(values, width // 2, mode="edge")
    return np.convolve(padded, np.ones(width) / width, mode="valid")


def scores(values):
    rest = values - smooth(values)
    spread = np.median(np.abs(rest - np.median(rest))) * 1.4826
    return np.abs(rest) / spread


def examine(sensor, count, limit):
    values = sensor.read(count)
    planted = faults.plant(values)
    found = np.flatnonzero(scores(values) > limit)
    hit = len(set(found) & set(planted))
    sensor.log.info("%d faults planted, %d found, %d of them right", len(planted), len(found), hit)
    if len(found) > 3 * len(planted):
        sensor.log.warning("too many alarms: is the limit of %.1f too low?", limit)
    return {"planted": len(planted), "found": len(found), "hit": hit, "mean": float(values.mean())}


def main():
    logging.config.dictConfig(LOGGING)
    logging.captureWarnings(True)
    random.seed(99)
    np.random.seed(99)
    started = time.perf_counter()
    log.info("python %s, numpy %s", sys.version.split()[0], np.__version__)

    sensors = [Sensor(f"s{i}", level, noise) for i, (level, noise) in enumerate([(20, 0.1), (35, 0.4), (5, 0.05)])]
    results = {}
    for sensor in sensors:
        for limit in (3.0, 5.0):
            results[sensor.name, limit] = examine(sensor, 600, limit)
    warnings.warn("sensor s3 does not answer")

    for (name, limit), result in results.items():
        print(name, limit, result)
    found = sum(r["found"] for r in results.values())
    hit = sum(r["hit"] for r in results.values())
    print(f"precision: {hit / found:.4f}")
    print("recall:", hit / sum(r["planted"] for r in results.values()))
    print("next reading:", np.random.normal(), random.random())
    try:
        faults.read("calibration.json")
    except OSError:
        log.exception("cannot read")
    log.info("done in %.3f s", time.perf_counter() - started)
    print(f"took {time.perf_counter() - started:.6f} s")


if __name__ == "__main__":
    main()
