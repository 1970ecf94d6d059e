"""How the assumptions of our own statements are measured on a network of one's own."""

from __future__ import annotations

from typing import Any

from boundkit.simulate.inspection import Inspection, Measured, Standing


def several_classes(seen: Inspection, _: Any) -> Measured:
    """Whether there are classes to make pairs of."""
    if seen.network.classes:
        return Measured(Standing.HOLDS, "y is the class and c the runner-up at each point")
    return Measured(Standing.FAILS, "the network has one output")


def taken_so(_seen: Inspection, _: Any) -> Measured:
    """What the parameters are measured by: u_min is 0 where an output bias makes the label, and h is counted."""
    return Measured(Standing.HOLDS, "the parameters are so taken at each point")
