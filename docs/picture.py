"""Draw the picture of the README: python docs/picture.py [FILE]."""

from pathlib import Path
import sys

import boundkit as bk

if __name__ == "__main__":
    ax = bk.plots.tightness_curves(
        bk.theorem_5_1, {"ell": "100:9000:x1.1"}, beside=[bk.sharpened_5_1], d=10_000, m=10, k=3
    )
    bk.plots.save(ax, sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent / "theorem_5_1.svg")
