"""A paper's theorems as tested, executable objects.

>>> import boundkit as bk
>>> bk.theorem_5_1(d=1_000_000, ell=900_000, m=10).probability
0.995

Nothing heavy loads with the package: SymPy comes with the first statement that is used.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # typing's own would be the first module to load, and Ctrl-C is not heard before that
if TYPE_CHECKING:
    from typing import Any

__version__ = "0.1.0"

# The table of contents, in the paper's order: attribute, command-line argument, docs page, test id.
PAPER = (
    "remark_3_1",
    "theorem_4_1",
    "corollary_4_1",
    "theorem_5_1",
    "corollary_5_1",
    "theorem_6_1",
    "corollary_6_1",
    "theorem_6_2",
    "corollary_6_2",
    "theorem_a_1",
    "theorem_a_2",
    "lemma_b_1",
    "lemma_b_2",
    "lemma_c_1",
    "lemma_c_2",
    "lemma_c_3",
    "lemma_d_1",
)

# Ours, in the order of docs/beyond.md.
BEYOND = (
    "sharpened_5_1",
    "sharpened_5_1_everywhere",
    "universal_flip",
    "off_subspace_radius",
    "off_subspace_radius_at",
    "gradient_interval",
    "deep_gradient",
    "deep_gradient_everywhere",
    "deep_distance",
    "normal_tail",
)

_HOME = {
    "catalogue": "contents",
    "Parameter": "parameter",
    "Hypothesis": "statement",
    "Erratum": "statement",
    "Statement": "statement",
    "assumed": "statement",
    "integers": "parameter",
    "reals": "parameter",
    "Guarantee": "guarantee",
    "Verdict": "guarantee",
    "Check": "guarantee",
    "Exact": "exact",
    "Solution": "solve",
    "Refutation": "verify.refutation",
    "refute": "verify.refutation",
    "falsify": "verify.falsification",
    "Search": "verify.falsification",
    "audit": "verify.auditing",
    "Audit": "verify.auditing",
    "Judgement": "verify.judgement",
    "tightness": "verify.slack",
    "Tightness": "verify.slack",
    "ledger": "verify.ledgers",
    "Ledger": "verify.ledgers",
    "Certificate": "proof.checking",
    "judge": "verify.judgement",
    "table": "tables.making",
    "Table": "tables.making",
    "cite": "citations",
    "sweep": "sweeps.running",
    "runs": "sweeps.store",
    "Runs": "sweeps.records",
    "BoundkitError": "errors",
    "ParameterError": "errors",
    "HypothesisError": "errors",
    "StatementError": "errors",
    "LawError": "errors",
    "PrecisionError": "errors",
    "UnknownStatement": "errors",
}
_ROOMS = ("figures", "laws", "plots", "simulate", "tails", "testing")

__all__ = [*PAPER, *BEYOND, *_HOME, *_ROOMS]


def __getattr__(name: str) -> Any:
    if name in PAPER or name in BEYOND:
        room = "paper" if name in PAPER else "beyond"
        found = getattr(import_module(f"boundkit.{room}.{name}"), name)
    elif name in _HOME:
        found = getattr(import_module(f"boundkit.{_HOME[name]}"), name)
    elif name in _ROOMS:
        return import_module(f"boundkit.{name}")
    else:
        from difflib import get_close_matches

        near = get_close_matches(name, __all__, n=3)
        raise AttributeError(f"boundkit has no {name!r}" + (f"; did you mean {', '.join(near)}?" if near else ""))
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
