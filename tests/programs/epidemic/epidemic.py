"""An epidemic on a ring of villages, many times over, in several processes."""

import argparse
import multiprocessing
import os
import sys
from functools import partial

import numpy as np

from villages import Village, ring

DAYS = 60
# Set by every worker for itself; nobody passes it on.
calls = 0


class Outcome:
    def __init__(self, number, sick, peak, extra):
        self.number = number
        self.sick = sick
        self.peak = peak
        self.extra = extra

    def __repr__(self):
        return f"Outcome({self.number}, sick={self.sick}, peak={self.peak})"


def simulate(task, *, rate, days):
    global calls
    calls += 1
    number, seed = task
    rng = np.random.default_rng(seed)
    villages = ring(12, 200)
    villages[0].sick = 5
    peak = 0
    for _ in range(days):
        infected = [village.step(rng, rate) for village in villages]
        for village, (left, right) in zip(villages, neighbours(villages)):
            village.visit(rng, left, right)
        peak = max(peak, sum(infected))
    # the global state: in a forked worker it is the parent's, in a spawned one it is new
    return Outcome(number, sum(v.ever for v in villages), peak, float(np.random.random()))


def neighbours(villages):
    return [(villages[i - 1], villages[(i + 1) % len(villages)]) for i in range(len(villages))]


def start_worker(level):
    os.environ["EPIDEMIC_LEVEL"] = str(level)


def about_worker(_):
    main = sys.modules["__main__"]
    return {
        "main": os.path.basename(getattr(main, "__file__", "?")),
        "name": __name__,
        "level": os.environ.get("EPIDEMIC_LEVEL"),
        "parent": multiprocessing.parent_process() is not None,
    }


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--start", choices=["fork", "spawn"], default="spawn")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--runs", type=int, default=12)
    parser.add_argument("--rate", type=float, default=0.28)
    parser.add_argument("--seed", type=int, default=11)
    return parser.parse_args()


def main():
    args = parse()
    context = multiprocessing.get_context(args.start)
    tasks = list(enumerate(np.random.SeedSequence(args.seed).spawn(args.runs)))
    job = partial(simulate, rate=args.rate, days=DAYS)

    with context.Pool(args.workers, start_worker, (3,)) as pool:
        about = pool.map(about_worker, range(1))[0]
        outcomes = pool.map(job, tasks, chunksize=3)
        arrived = [outcome.number for outcome in pool.imap_unordered(job, tasks[:6])]

    print(f"start {args.start}, {args.workers} workers, called here {calls} times")
    print("worker:", about)
    for outcome in outcomes[:4]:
        print("  ", outcome)
    sick = np.array([outcome.sick for outcome in outcomes])
    print("mean sick:", sick.mean(), "+-", sick.std())
    print("quartiles:", np.percentile(sick, [25, 50, 75]))
    print("highest peak:", max(outcome.peak for outcome in outcomes))
    print("all arrived:", sorted(arrived))
    print("order:", arrived)
    print("extra:", sum(outcome.extra for outcome in outcomes))

    queue = context.SimpleQueue()
    process = context.Process(target=count_down, args=(queue, 3, args.seed))
    process.start()
    print("from a process of its own:", [queue.get() for _ in range(4)])
    process.join()
    print("exit code:", process.exitcode)
    np.savetxt(f"sick-{args.start}.txt", sick, fmt="%d")


def count_down(queue, number, seed):
    rng = np.random.default_rng([seed, 7])
    for i in range(number):
        queue.put(round(float(rng.normal()), 6))
    queue.put(Village(10).people)
    sys.exit(4)


if __name__ == "__main__":
    main()
