"""Does this happen to my network? One trained on digits, with biases, held against the statements about them."""

from pathlib import Path

import numpy as np

import boundkit as bk

HERE = Path(__file__).parent
X = bk.simulate.read_array(HERE / "digits_data.npz", "X")
P = bk.simulate.Subspace.from_data(X)
net = bk.simulate.network(HERE / "digits_network.npz", subspace=P)
found = bk.applicable(net, X, HERE / "digits_start.npz")

print(found.inspection.network, "at", len(X), "points")
for s in found.statements:
    if s.promises:
        claim = s.claims[0]
        told = f"{claim.claim.lhs} {claim.claim.rel_op} {np.median(claim.bound):.3g}"
        told += f", {np.nanmedian(claim.low):.3g} measured"
        print(f"{s.statement.name}: {told}, not met at {claim.broken.sum()} of {s.where.sum()} points")
(theorem,) = (s for s in found.statements if s.statement is bk.theorem_5_1)
print(theorem.statement.name, theorem.verdict.name, *theorem.reasons, sep=": ")
