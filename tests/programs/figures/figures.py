"""Figures of random things, written without a plotting library: PNG through zlib, SVG as text."""

import datetime
import hashlib
import struct
import sys
import zlib
from pathlib import Path

import numpy as np

OUT = Path("figures")
COLOURS = np.array([[31, 119, 180], [255, 127, 14], [44, 160, 44], [214, 39, 40]], "uint8")


# --- files


def chunk(kind, data):
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def save_png(path, pixels, text=None):
    height, width, _ = pixels.shape
    raw = np.zeros((height, 1 + 3 * width), "uint8")
    raw[:, 1:] = pixels.reshape(height, -1)
    with open(path, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n")
        f.write(chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)))
        for key, value in (text or {}).items():
            f.write(chunk(b"tEXt", key.encode("latin-1") + b"\0" + value.encode("latin-1")))
        f.write(chunk(b"IDAT", zlib.compress(raw.tobytes(), 6)))
        f.write(chunk(b"IEND", b""))


def save_svg(path, curves, size=(480, 320)):
    low = min(c.min() for c in curves)
    high = max(c.max() for c in curves)
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}">']
    for curve, colour in zip(curves, COLOURS):
        x = np.linspace(0, size[0], len(curve))
        y = size[1] * (1 - (curve - low) / (high - low))
        points = " ".join(f"{a:.2f},{b:.2f}" for a, b in zip(x, y))
        lines.append(f'<polyline fill="none" stroke="#{colour.tobytes().hex()}" points="{points}"/>')
    lines.append("</svg>")
    path.write_text("\n".join(lines) + "\n")


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


# --- figures


def walks(rng, count=4, steps=300):
    return [np.cumsum(rng.choice([-1, 1], size=steps)).astype(float) for _ in range(count)]


def voronoi(rng, cells=25, size=160):
    centers = rng.random((cells, 2)) * size
    shades = rng.integers(60, 255, (cells, 3), dtype="uint8")
    y, x = np.mgrid[0:size, 0:size]
    distances = (y[..., None] - centers[:, 0]) ** 2 + (x[..., None] - centers[:, 1]) ** 2
    return shades[distances.argmin(axis=-1)]


def cloud(size=160, points=4000):
    # no rng: the legacy functions
    pixels = np.full((size, size, 3), 255, "uint8")
    for colour in COLOURS[:2]:
        center = np.random.uniform(0.3, 0.7, 2) * size
        spots = np.random.multivariate_normal(center, [[200, 90], [90, 150]], points // 2).astype(int)
        spots = spots[((spots >= 0) & (spots < size)).all(axis=1)]
        pixels[spots[:, 0], spots[:, 1]] = colour
    return pixels


def histogram(values, bins=8, width=32):
    counts, edges = np.histogram(values, bins)
    for count, low, high in zip(counts, edges, edges[1:]):
        print(f"  [{low:7.2f}, {high:7.2f})  {count:3d}  {'#' * int(width * count / counts.max())}")


def main(seed):
    OUT.mkdir(exist_ok=True)
    rng = np.random.default_rng(seed)
    print("seed", seed)

    curves = walks(rng)
    save_svg(OUT / "walks.svg", curves)
    print("ends of the walks:", [int(curve[-1]) for curve in curves])
    print("range of the first:", curves[0].min(), "to", curves[0].max())
    print("histogram of all ends")
    histogram(np.array([curve[-1] for curve in walks(rng, 200)]))

    picture = voronoi(rng)
    save_png(OUT / "voronoi.png", picture, {"Title": "Voronoï"})
    print(f"mean colour: {picture.mean(axis=(0, 1))}")

    dots = cloud()
    save_png(OUT / "cloud.png", dots)
    print("dots:", int((dots != 255).any(axis=-1).sum()))

    now = datetime.datetime.now().isoformat()
    save_png(OUT / "stamped.png", picture[:40, :40], {"Creation Time": now})
    for name in ("walks.svg", "voronoi.png", "cloud.png", "stamped.png"):
        print(f"{name:<12} {digest(OUT / name)}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else None)
