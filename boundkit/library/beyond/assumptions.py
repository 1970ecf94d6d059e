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


def free_pixels(seen: Inspection, _: Any) -> Measured:
    """Whether as many pixels are 0 at all points as there are dimensions orthogonal to P."""
    free, ell = len(seen.free_pixels), seen.network.subspace.ell
    told = f"{free} pixels are 0 at all of these {len(seen.X)} points, and ell = {ell}"
    return Measured(Standing.NOT_REFUTED if free == ell else Standing.FAILS, told)


def chosen_pixels(seen: Inspection, _: Any) -> Measured:
    """Whether pixels are 0 at all points: all of those are taken, so that weights have no say in it."""
    free = len(seen.free_pixels)
    if not free:
        return Measured(Standing.FAILS, f"no pixel is 0 at all of these {len(seen.X)} points and orthogonal to P")
    return Measured(Standing.NOT_REFUTED, f"{free} pixels are 0 at all of these {len(seen.X)} points")


def pixels_at_0(seen: Inspection, _: Any) -> Measured:
    """At the points they are."""
    return Measured(Standing.HOLDS, "each x0 is one of the points") if len(seen.free_pixels) else free_pixels(seen, _)


def largest_change(seen: Inspection, _: Any) -> Measured:
    """In the largest change of a pixel this is known where free pixels span what is orthogonal to P."""
    found = free_pixels(seen, _)
    if found.standing.denied:
        return Measured(Standing.OPEN, f"in the largest change of a pixel: {found.says}")
    return Measured(Standing.HOLDS, "in the largest change of a pixel the parameters are so taken")


def no_patches(_seen: Inspection, _: Any) -> Measured:
    """A first layer written out in full sees no patches."""
    return Measured(Standing.FAILS, "the first layer is fully connected: it sees one patch")
