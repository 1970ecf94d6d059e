"""A network held against statements, in words: for a terminal of 80 columns, and what JSON carries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from boundkit.engine.verdict import Verdict
from boundkit.formats.expressions import relation_text
from boundkit.formats.numbers import exp_decimal, number_text, probability_text
from boundkit.formats.plainly import plainly
from boundkit.formats.tables import text_table
from boundkit.simulate.inspection import Inspection
from boundkit.simulate.rng import Array
from boundkit.studies.applicability import told
from boundkit.text import filled

if TYPE_CHECKING:
    from boundkit.studies.applicability import Applicability, Applied, ClaimSeen

DIGITS = 3
HEADINGS = ("at the points", "least", "median", "greatest", "of")
SPECTRUM = ("singular value", "over the largest")


def applicability_text(found: Applicability) -> str:
    """The data and the cut, what is measured at the points, the assumptions, and the statements."""
    seen = found.inspection
    parts = [
        "\n".join(map(filled, [*network_lines(seen), f"  {counts_text(found)}"])),
        text_table([HEADINGS, *measured_rows(seen)], "lrrrr"),
    ]
    if lines := list(assumption_lines(found)):
        parts.append("\n".join(["Assumptions of statements that nothing refutes", *map(filled, lines)]))
    for heading, applied in grouped(found):
        parts.append("\n".join([heading, *map(filled, statement_lines(applied))]))
    return "\n\n".join(parts)


def network_lines(seen: Inspection) -> Iterator[str]:
    """The network, and where P cuts the data's spectrum."""
    net, P = seen.network, seen.network.subspace
    through = "a subspace" if P.origin is None else "an affine subspace"
    outputs = f"{net.classes} classes" if net.classes else "one output"
    yield f"A network of {net.m} neurons on R^{P.d} with {outputs}, at {len(seen.X)} points"
    size = "at least" if P.ell >= net.m else "less than"
    yield f"  P is {through} of {P.d - P.ell} dimensions, so ell = {P.ell}, {size} m"
    yield f"  {share_text(seen)}; {cut_text(seen)}"
    within = " to ".join(_number(b * P.d**0.5) for b in seen.b_within)
    moved = (
        "" if seen.moved_off is None else f"; they moved by {_number(seen.moved_off)} of their length since the start"
    )
    deviation = _number(seen.b * P.d**0.5)
    yield (
        f"  orthogonally to P weights have the standard deviation {deviation}/sqrt(d), {within} at the confidence "
        f"1 - 10^-6 if they are normal{moved}"
    )


def share_text(seen: Inspection) -> str:
    """How much of the data lies in P."""
    left = max(0.0, 1 - seen.kept)
    but = "" if left < 1e-12 else f"but {_number(left)} "
    return f"all {but}of the points' squares lie in P"


def cut_text(seen: Inspection) -> str:
    """The singular values before and after the cut, over the largest."""
    before, after = cut(seen)
    there = "rounding" if after is None or after <= seen.rounding else _number(after)
    return f"their singular values, over the largest, fall to {_number(before)} before the cut and {there} after it"


def cut(seen: Inspection) -> tuple[float, float | None]:
    """The last singular value within P's dimension and the first beyond, over the largest."""
    sines, n = seen.spectrum, seen.network.subspace.d - seen.network.subspace.ell
    largest = float(sines[0]) or 1.0
    return float(sines[min(n, len(sines)) - 1]) / largest, float(sines[n]) / largest if n < len(sines) else None


def measured(seen: Inspection) -> dict[str, Array]:
    """What is measured at the points, in words; nan where it was not looked for, inf where there is none."""
    off, on = seen.gradients
    with np.errstate(divide="ignore"):
        linear = np.where(off > 0, np.abs(seen.output) / np.where(off > 0, off, 1), np.inf)
    return {
        "|N|": np.abs(seen.output), "gradient off P": off, "gradient in P": on, "|N|/gradient off P": linear,
        **steps(seen),
    }  # fmt: skip


def steps(seen: Inspection) -> dict[str, Array]:
    """The lengths of steps by kind."""
    return {
        "certified radius off P": seen.radius,
        "shortest flip off P": np.where(np.isfinite(seen.attack("off")), seen.shortest, np.nan),
        "universal flip": seen.steps("universal_flip")[0],
        "attack in P": seen.attack("on"),
        "attack anywhere": seen.attack("free"),
    }


def measured_rows(seen: Inspection) -> Iterator[tuple[str, ...]]:
    """Least, median, greatest, and of how many points."""
    for name, x in measured(seen).items():
        some = x[np.isfinite(x)]
        if len(some):
            yield name, *map(_number, (some.min(), np.median(some), some.max())), str(len(some))
        else:
            yield name, "none", "", "", "0"


def assumption_lines(found: Applicability) -> Iterator[str]:
    """Each assumption of the statements that none of theirs silences, and how it stands."""
    open_ = [s.assumptions for s in found.statements if not any(a.measured.standing.denied for a in s.assumptions)]
    return (f"  {a.text}: {told(a.measured)}" for a in found.assumptions if any(a in some for some in open_))


def counts_text(found: Applicability) -> str:
    """How many of the statements do what."""
    verdicts = [s.verdict for s in found.statements]
    said = {
        "apply": (Verdict.INFORMATIVE,),
        "apply and promise nothing": (Verdict.VACUOUS,),
        "cannot be told": (Verdict.UNDETERMINED,),
        "do not apply": (Verdict.INAPPLICABLE,),
    }
    counts = [(sum(map(verdicts.count, some)), words) for words, some in said.items()]
    told = ", ".join(f"{n} {words}" for n, words in counts if n)
    return f"of {len(verdicts)} statements {told}: boundkit show NAME says what one is about"


def grouped(found: Applicability) -> Iterator[tuple[str, list[Applied]]]:
    """The statements by what they do here."""
    for heading, verdicts in (
        ("Statements that apply here, as far as their assumptions are not refuted", (Verdict.INFORMATIVE,)),
        ("Statements that apply and promise nothing", (Verdict.VACUOUS,)),
        ("Statements that cannot be told", (Verdict.UNDETERMINED,)),
        ("Statements that do not apply", (Verdict.INAPPLICABLE,)),
    ):
        if some := [s for s in found.statements if s.verdict in verdicts]:
            yield heading, some


def statement_lines(applied: list[Applied]) -> Iterator[str]:
    """What each of some statements says here; those that say nothing together, by what decides it."""
    for s in applied:
        if s.promises:
            yield f"  {s.statement.qualified_name}, at {places(s)}: {likely(s)}{chosen_text(s)}"
            yield from (f"    {claim_text(s, claim)}" for claim in s.claims)
            if s.untold:
                yield f"    only you can say: {'; '.join(s.untold)}"
    for reason, names in by_reason(applied).items():
        yield f"  {reason}"
        yield f"    {', '.join(names)}"


def by_reason(applied: list[Applied]) -> dict[str, list[str]]:
    """The names of the statements that say nothing, by what decides; those with several reasons under each."""
    found: dict[str, list[str]] = {}
    for s in applied:
        for reason in s.reasons:
            found.setdefault(reason, []).append(s.statement.qualified_name)
    return found


def chosen_text(s: Applied) -> str:
    """The values that are one for all points, but for the sizes of the network."""
    sizes = ("d", "ell", "m")
    told = [f"{x} = {_number(value)}" for x, value in s.values.items() if not np.ndim(value) and x not in sizes]
    return f", with {', '.join(told)}" if told else ""


def places(s: Applied) -> str:
    """At how many of the points."""
    n, N = int(s.where.sum()), len(s.where)
    return f"all {N} points" if n == N else f"{n} of {N} points"


def likely(s: Applied) -> str:
    """With which probability."""
    log = s.log_failure if s.log_failure is not None else 0.0
    if log == -np.inf:
        return "surely"
    return f"with probability at least {probability_text(log, exp_decimal(log))} each"


def claim_text(s: Applied, claim: ClaimSeen) -> str:
    """A claim with its median bound, the median of what is measured, and where it is met."""
    return f"{relation_of(s, claim)}: median bound {median_text(claim.bound)}; {seen_text(claim)}"


def relation_of(s: Applied, claim: ClaimSeen) -> str:
    """A claim in plain text."""
    return relation_text(s.statement, claim.claim)


def median_text(x: Array) -> str:
    """The median, as it is written."""
    return _number(float(np.median(x)))


def seen_text(claim: ClaimSeen) -> str:
    """What is measured for a claim, and where it is met."""
    if claim.low is None or claim.high is None:
        return "not measured"
    ends = [float(np.nanmedian(end)) if np.isfinite(end).any() else np.nan for end in (claim.low, claim.high)]
    value = " to ".join(dict.fromkeys(map(_number, ends)))
    met, broken, looked = int(claim.met.sum()), int(claim.broken.sum()), int((~np.isnan(claim.low)).sum())
    counts = [f"met at {'all ' if met == looked else ''}{met}", f"not met at {broken}" if broken else ""]
    counts += [f"not told at {looked - met - broken}" if met + broken < looked else ""]
    counts += [f"not looked at {len(claim.met) - looked}" if looked < len(claim.met) else ""]
    return f"measured {value}, {', '.join(filter(None, counts))}"


def applicability_dict(found: Applicability) -> dict[str, Any]:
    """What JSON can carry."""
    seen = found.inspection
    net, P = seen.network, seen.network.subspace
    return plainly({
        "network": {"m": net.m, "d": P.d, "ell": P.ell, "classes": net.classes, "affine": P.origin is not None},
        "points": len(seen.X),
        "kept": seen.kept,
        "singular_values": seen.spectrum,
        "deviation": seen.b,
        "deviation_within": seen.b_within,
        "moved_off": seen.moved_off,
        "measured": measured(seen),
        "assumptions": [_assumption_dict(a) for a in found.assumptions],
        "statements": [_statement_dict(s) for s in found.statements],
    })  # fmt: skip


def _assumption_dict(a: Any) -> dict[str, Any]:
    return {"text": a.text, "standing": a.measured.standing.name, "p": a.measured.p, "says": a.measured.says}


def _statement_dict(s: Applied) -> dict[str, Any]:
    """One statement and its claims."""
    return {
        "statement": s.statement.qualified_name,
        "verdict": s.verdict.name,
        "reasons": s.reasons,
        "points": int(s.where.sum()),
        "log_failure": s.log_failure,
        "values": dict(s.values),
        "assumptions": [_assumption_dict(a) for a in s.assumptions],
        "claims": [
            {
                "claim": relation_text(s.statement, c.claim), "bound": c.bound, "low": c.low, "high": c.high,
                "met": int(c.met.sum()), "broken": int(c.broken.sum()),
            }
            for c in s.claims
        ],
    }  # fmt: skip


def _number(x: Any) -> str:
    return number_text(float(x), DIGITS)
