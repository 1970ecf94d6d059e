"""What has to be said before a formula that is no plain promise: decided once, for text, LaTeX, HTML and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from boundkit.engine.verdict import Verdict
from boundkit.formats.expressions import escaped_latex, relation_latex
from boundkit.model.parameter import Parameter
from boundkit.model.statement import Hypothesis, StatementRecord

if TYPE_CHECKING:
    from boundkit.engine.guarantee import GuaranteeRecord

Part = str | Hypothesis | Parameter

# Where nothing is promised: what is said of it, and how its formula is introduced.
NO_PROMISE = {
    Verdict.INAPPLICABLE: ("does not apply; nothing is promised", "the formula would say"),
    Verdict.VACUOUS: ("it promises nothing: {}", "the formula says"),
}


@dataclass(frozen=True)
class Qualification:
    """The words before a formula; none where the verdict is INFORMATIVE.

    Attributes
    ----------
    statement : StatementRecord
        Whose formula it is.
    verdict : Verdict
        What it is worth.
    says : tuple of str, Hypothesis or Parameter
        Words, and the conditions and parameters that they name.
    leads : str
        How the formula is introduced where it is no promise, "the formula would say".
    """

    statement: StatementRecord
    verdict: Verdict
    says: tuple[Part, ...] = ()
    leads: str = ""

    @property
    def text(self) -> str:
        """The words as plain text."""
        return "".join(
            part if isinstance(part, str) else part.text or part.name if isinstance(part, Parameter) else part.text
            for part in self.says
        )

    def latex(self, formula: str) -> str:
        """The formula with the words before it, as LaTeX mathematics; the words alone where there is none."""
        if not self.says:
            return formula
        *first, last = self.says
        after = f"{f'; {self.leads}' if self.leads else ''}: " if formula else ""
        parts: list[Part] = [*first, last + after] if isinstance(last, str) else [*first, last, after]
        return " ".join([*(self._latex(part) for part in parts if part), *([formula] if formula else [])])

    def _latex(self, part: Part) -> str:
        if isinstance(part, str):
            return rf"\text{{{escaped_latex(part)}}}"
        if isinstance(part, Parameter):
            return part.tex or part.name
        return part.tex or relation_latex(self.statement, part.relation)


def qualification(g: GuaranteeRecord) -> Qualification:
    """Return what has to be said of a guarantee before its formula."""
    s = g.statement
    if g.verdict in NO_PROMISE:
        says, leads = NO_PROMISE[g.verdict]
        return Qualification(s, g.verdict, (says.format(g.vacuous_reason),), leads)
    return Qualification(s, g.verdict, tuple(_open(g)) if g.verdict is Verdict.UNDETERMINED else ())


def _open(g: GuaranteeRecord) -> Iterator[Part]:
    """The conditions still open, the parameters that the failure probability needs, and what could not be decided."""
    conditions = [check.hypothesis for check in g.hypotheses if check.holds is None]
    free = [h for h in conditions if h.relation is not None and not h.relation.free_symbols <= g.given.keys()]
    named = set().union(*(h.relation.free_symbols for h in free if h.relation is not None))
    needed = g.statement.failure.free_symbols - g.given.keys() - named
    worst = dict(g.statement.worst_case)
    parameters: list[Part] = [p for p in g.statement.parameters if p.symbol in needed and p.name not in worst]
    undecided = [h for h in conditions if h not in free]
    if wanted := [*parameters, *free]:
        yield from ("for every ", *_listed(wanted))
    if undecided:
        yield from (", if " if wanted else "if ", *_listed(undecided), ", which could not be decided")


def _listed(parts: Sequence[Part]) -> Iterator[Part]:
    for i, part in enumerate(parts):
        if i:
            yield " and " if i == len(parts) - 1 else ", "
        yield part
