"""A bar of one line, as there are many."""
import sys
import time


class Bar:
    def __init__(self, name, total, width=20, out=None):
        self.name = name
        self.total = total
        self.width = width
        self.out = out or sys.stderr
        self.done = 0
        self.started = time.time()
        self.shown = 0

    def step(self, note=""):
        self.done += 1
        now = time.time()
        if now - self.shown < 0.05 and self.done < self.total:
            return
        self.shown = now
        full = int(self.width * self.done / self.total)
        rate = self.done / max(now - self.started, 1e-9)
        left = (self.total - self.done) / rate
        line = "%s: %3d%%|%s| %d/%d [%.1fit/s, %.1fs left] %s" % (
            self.name,
            100 * self.done // self.total,
            "#" * full + "." * (self.width - full),
            self.done,
            self.total,
            rate,
            left,
            note,
        )
        self.out.write("\r" + line)
        self.out.flush()

    def close(self):
        self.out.write("\n")
        self.out.flush()
