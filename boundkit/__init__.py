"""A paper's theorems as tested, executable objects.

>>> import boundkit as bk
>>> bk.theorem_5_1(d=1_000_000, ell=900_000, m=10).probability
0.995

Nothing heavy loads with the package: SymPy comes with the first statement that is used.
"""

from __future__ import annotations

from importlib import import_module

from boundkit.library import PAPERS as _LIBRARY
from boundkit.library.beyond import STATEMENTS as OURS
from boundkit.library.melamed2023 import STATEMENTS as FIRST  # the paper that boundkit was made for
from boundkit.library.spoken import LAWS as _SPOKEN
from boundkit.shelf import FILES as _FILES
from boundkit.shelf import LAWS as _LAWS
from boundkit.shelf import OWN_LAWS as _OWN_LAWS
from boundkit.shelf import PAPERS as _SHELF
from boundkit.version import VERSION

__version__ = VERSION

TYPE_CHECKING = False  # typing's own would be the first module to load, and Ctrl-C is not heard before that
if TYPE_CHECKING:
    from typing import Any

# The table of contents, in the papers' order: attribute, command-line argument, docs page, test id.
PAPER = FIRST
BEYOND = OURS

_HOME = {
    "catalogue": "api.papers",
    "papers": "api.papers",
    "Paper": "api.papers",
    "Parameter": "model.parameter",
    "Hypothesis": "model.statement",
    "Erratum": "model.statement",
    "Statement": "api.objects",
    "assumed": "model.statement",
    "integers": "model.parameter",
    "reals": "model.parameter",
    "Guarantee": "api.objects",
    "Verdict": "engine.guarantee",
    "Check": "engine.guarantee",
    "Exact": "engine.exact",
    "Solution": "api.answers",
    "Refutation": "studies.refutation",
    "refute": "studies.refutation",
    "falsify": "studies.falsification",
    "Search": "studies.falsification",
    "audit": "studies.auditing",
    "Audit": "studies.auditing",
    "PointCheck": "studies.point_check",
    "applicable": "studies.applicability",
    "Applicability": "studies.applicability",
    "best_constant": "studies.constants",
    "best_constants": "studies.constants",
    "BestConstant": "studies.constant_words",
    "tightness": "studies.tightness",
    "Tightness": "studies.tightness",
    "review": "studies.reviewing",
    "Review": "studies.reviewing",
    "budget": "studies.budgets",
    "Budget": "studies.budgets",
    "union": "api.union",
    "Union": "api.union",
    "bounds": "studies.bounds",
    "Bounds": "studies.bound_records",
    "Bound": "studies.bound_records",
    "bounds_over": "studies.bounds",
    "BoundsOver": "studies.bound_records",
    "Certificate": "api.answers",
    "check_point": "studies.point_check",
    "table": "studies.tables.making",
    "Table": "studies.tables.making",
    "compare": "library.melamed2023.comparison",
    "flip_probability": "library.beyond.flips",
    "gradient_law": "library.melamed2023.gradients",
    "cite": "studies.citations",
    "graph": "studies.citations",
    "errata": "studies.errata",
    "explorer_page": "explorer.page",
    "audit_page": "report.page",
    "sweep": "studies.sweeps.running",
    "runs": "studies.sweeps.store",
    "Runs": "studies.sweeps.records",
    "BoundkitError": "errors",
    "ParameterError": "errors",
    "HypothesisError": "errors",
    "StatementError": "errors",
    "LawError": "errors",
    "PrecisionError": "errors",
    "UnknownStatement": "errors",
}
_HOME |= {name: f"library.melamed2023.{name}" for name in FIRST} | {name: f"library.beyond.{name}" for name in OURS}
_ROOMS = {name: name for name in ("laws", "plots", "simulate", "tails", "testing")}
_ROOMS["figures"] = "library.melamed2023.figures"

for _paper in _LIBRARY:
    _package = import_module(f"boundkit.library.{_paper}")
    _SHELF[_paper] = f"{_package.__name__}.paper", _package.STATEMENTS
    _FILES |= {
        f"{_paper}.{name}": f"{_package.__name__}.{file}" for file, names in _package.FILES.items() for name in names
    }
    _OWN_LAWS |= {
        name: f"{_package.__name__}.{file}" for file, names in getattr(_package, "LAWS", {}).items() for name in names
    }

_LAWS |= _SPOKEN

__all__ = [*_HOME, *_ROOMS]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        found = getattr(import_module(f"boundkit.{_HOME[name]}"), name)
    elif name in _ROOMS:
        found = import_module(f"boundkit.{_ROOMS[name]}")
    else:
        from difflib import get_close_matches

        near = get_close_matches(name, __all__, n=3)
        raise AttributeError(f"boundkit has no {name!r}" + (f"; did you mean {', '.join(near)}?" if near else ""))
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
