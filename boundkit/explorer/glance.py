"""A statement at a glance: what it claims, where, and how often it may fail, typeset."""

from __future__ import annotations

from boundkit.api.objects import Statement
from boundkit.formats.expressions import failure_formula, relation_latex
from boundkit.formats.html import Html, formula, joined, tag
from boundkit.formats.prose import prose_html


def glance(s: Statement) -> Html:
    """Return terms and their descriptions, as an HTML template that the page fills in."""
    decided = [formula(h.tex or relation_latex(s, h.relation)) for h in s.hypotheses if h.relation is not None]
    rows = [
        ("claims", joined((formula(relation_latex(s, claim)) for claim in s.claims), " and ")),
        *([("if", joined(decided, " and "))] if decided else []),
        ("fails with", _failure(s)),
        ("place", s.place),
        *([("reading", prose_html(s.reading))] if s.reading else []),
    ]
    return tag("template", *(joined((tag("dt", term), tag("dd", says))) for term, says in rows), id=f"glance-{s.name}")


def _failure(s: Statement) -> str:
    if s.failure == 0:
        return "probability 0: nothing is random"
    return joined(("probability at most ", formula(failure_formula(s, latex=True))))
