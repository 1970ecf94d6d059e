"""The true distance to the boundary of a small network, by another route: all activation patterns, with NNLS."""

from __future__ import annotations

import itertools

import numpy as np
from scipy.optimize import nnls


def distance(net, i, c=1.0):
    """The length of the shortest z with y0 N(x0 + z) <= (1 - c) |N(x0)|, over all activation patterns.

    On each pattern's cell that is a least-distance problem, min |z| subject to G z >= h, which Lawson and Hanson
    reduce to NNLS.
    """
    a, rows, y0 = net.inputs(i), net.off, np.sign(net.output(i))
    level = (1 - c) * abs(net.output(i)) - y0 * net.output_bias
    unit_z, unit_a = np.linalg.norm(rows, axis=1).max(), np.abs(a).max()
    best = np.inf
    for pattern in itertools.product((0.0, 1.0), repeat=len(a)):
        on = np.array(pattern)
        v = on * net.u * y0
        G = np.vstack([(2 * on - 1)[:, None] * rows, -v @ rows]) / unit_z
        h = np.concatenate([-(2 * on - 1) * a, [v @ a - level]]) / unit_a
        E, f = np.vstack([G.T, h]), np.eye(G.shape[1] + 1)[-1]
        r = E @ nnls(E, f)[0] - f
        if np.linalg.norm(r) > 1e-7:
            z = -r[:-1] / r[-1]
            if (G @ z >= h - 1e-6 * (np.abs(h) + np.linalg.norm(z))).all():  # NNLS may stop before its optimum
                best = min(best, np.linalg.norm(z) * unit_a / unit_z)
    return best
