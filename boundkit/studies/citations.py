"""What to cite for a statement, and which statement rests on which.

A paper's entry comes with every statement, as the setting of each is its own; the results that proofs take from
elsewhere come with the statements that use them, and with whatever depends on those.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

from boundkit.api.objects import Statement
from boundkit.api.papers import Paper, catalogue, first, papers, statements_in, used_by
from boundkit.errors import StatementError
from boundkit.text import labelled


def cite(*what: Statement | Paper | str) -> str:
    """Return BibTeX for statements: their papers, and every result from elsewhere that their proofs rest on.

    Parameters
    ----------
    *what : Statement, Paper or str
        Statements, or their names in the catalogue; a paper, for all of its statements.

    Returns
    -------
    str
        One entry for each source, once; the text before an entry, which BibTeX skips, says what it is cited for.

    Raises
    ------
    UnknownStatement
        For a name that the catalogue lacks, and for a statement that depends on such a name.
    StatementError
        For statements of no paper with BibTeX that rest on no work.

    Examples
    --------
    >>> import boundkit as bk
    >>> print(bk.cite(bk.lemma_b_2).partition("@")[0])
    Lemma B.2, appendix B
    <BLANKLINE>
    >>> [line for line in bk.cite(bk.lemma_b_2).splitlines() if "Lemma 1" in line]
    ['Lemma 1, for Laurent-Massart lower']
    """
    chosen = tuple(_named(one) if isinstance(one, str) else one for one in what)
    found = references(chosen)
    if not found:
        names = ", ".join(one.name for one in chosen)
        raise StatementError(f"{names} is of no paper with BibTeX and rests on nothing: there is nothing to cite")
    place = _place(chosen[0]) if len(chosen) == 1 else ""
    parts = [f"{(reference.is_paper and place) or reference.says}\n{reference.bibtex}" for reference in found]
    return "\n\n".join(parts) + "\n"


@dataclass(frozen=True)
class Reference:
    """An entry that statements take from: a paper of theirs, or a result from elsewhere.

    Attributes
    ----------
    bibtex : str
        The entry.
    says : str
        The paper's title; the places in a source, and which statements use each.
    is_paper : bool
        Whether it is a paper that the statements stand in.
    """

    bibtex: str
    says: str
    is_paper: bool


def references(chosen: Iterable[Statement | Paper]) -> tuple[Reference, ...]:
    """Return the papers that statements and what they depend on stand in, then what their proofs rest on.

    Raises
    ------
    StatementError
        Where they rest on what no paper's sources have.
    """
    behind = _behind(statements_in(chosen))
    whole = [paper for paper in dict.fromkeys(s.paper for s in behind) if paper in papers]
    entries = {papers[name].bibtex: papers[name].heading for name in reversed(whole) if papers[name].bibtex}
    found = [Reference(entry, says, True) for entry, says in reversed(entries.items())]
    sources = {key: entry for paper in papers.values() for key, entry in paper.sources}
    for key, uses in _sources(behind).items():
        if key not in sources:
            raise StatementError(f"there is no BibTeX for {key!r}; put it into the sources of {', '.join(whole)}")
        places = "; ".join(listed(place, f"for {', '.join(users)}") for place, users in uses.items())
        found.append(Reference(sources[key], places, False))
    return tuple(found)


def listed(*parts: str) -> str:
    """Parts with commas between them; a work that is cited as a whole has no place."""
    return ", ".join(filter(None, parts))


def _named(name: str) -> Statement | Paper:
    return papers[name] if name in papers else catalogue[name]


def _place(what: Statement | Paper) -> str:
    if isinstance(what, Paper):
        return what.heading
    return what.place.partition(";")[0] if what.paper else ", ".join(s.title for s in used_by(what))


def dependencies(chosen: Iterable[Statement | Paper]) -> dict[str, tuple[str, ...]]:
    """Return, for every statement of these, the names of the statements that its proof uses.

    Raises
    ------
    StatementError
        Where a statement rests on itself, by whatever way.

    Examples
    --------
    >>> import boundkit as bk
    >>> dependencies([bk.papers.melamed2023])["lemma_c_3"]
    ('lemma_c_1', 'lemma_c_2')
    """
    statements = statements_in(chosen)
    graph = {s.qualified_name: [other.qualified_name for other in used_by(s)] for s in _behind(statements)}
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise StatementError(f"{' rests on '.join(reversed(error.args[1]))}: mend depends_on") from None
    return {s.name: s.depends_on for s in statements}


def graph(*chosen: Statement | Paper) -> dict[str, tuple[str, ...]]:
    """Return which statements each one's proof uses, by name: of statements and papers, by default the first paper.

    Examples
    --------
    >>> import boundkit as bk
    >>> bk.graph(bk.lemma_c_3)
    {'lemma_c_3': ('lemma_c_1', 'lemma_c_2')}
    """
    return dependencies(chosen or (first(),))


def graph_dict(chosen: Iterable[Statement | Paper]) -> dict[str, Any]:
    """The graph as JSON carries it: what each statement uses, from its paper and from elsewhere."""
    statements = statements_in(chosen)
    used = dependencies(statements)
    return {
        s.name: {"depends_on": list(used[s.name]), "rests_on": [listed(*work) for work in s.rests_on]}
        for s in statements
    }


def graph_text(chosen: Iterable[Statement | Paper]) -> str:
    """The graph in lines: a statement, and what it uses directly."""
    told = graph_dict(chosen)
    indent = max(map(len, told), default=0) + 2
    used = {name: ", ".join((*uses["depends_on"], *uses["rests_on"])) or "-" for name, uses in told.items()}
    return "\n".join(labelled(name, indent, names) for name, names in used.items())


def graph_dot(chosen: Iterable[Statement | Paper]) -> str:
    """The graph for Graphviz, an arrow from each statement to what it uses."""
    statements = statements_in(chosen)
    dependencies(statements)
    lines = [f'  {s.name} [label="{s.title}"];' for s in statements]
    lines += [f"  {key} [style=dashed];" for key in _sources(statements)]
    for s in statements:
        lines += [f"  {s.name} -> {other.name};" for other in used_by(s)]
        lines += [f'  {s.name} -> {key} [label="{place}"];' for key, place in s.rests_on]
    return "\n".join(["digraph boundkit {", "  rankdir=BT;", "  node [shape=box];", *lines, "}"])


def _behind(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """The statements and every one that they depend on, near ones first."""
    found = list(statements)
    for s in found:
        found += [other for other in used_by(s) if other not in found]
    return tuple(found)


def _sources(statements: tuple[Statement, ...]) -> dict[str, dict[str, list[str]]]:
    """Each entry that the statements take from, with the places in it and who uses them."""
    sources: dict[str, dict[str, list[str]]] = {}
    for s in statements:
        for key, place in s.rests_on:
            sources.setdefault(key, {}).setdefault(place, []).append(s.title)
    return sources
