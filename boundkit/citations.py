"""What to cite for a statement, and which statement rests on which.

The paper's entry comes with every statement, as the setting of each is its own; the results that proofs take from
elsewhere come with the statements that use them, and with whatever depends on those.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from boundkit.contents import catalogue
from boundkit.errors import StatementError

if TYPE_CHECKING:
    from boundkit.statement import Statement

PAPER = "melamed2023adversarial"
PAPERS = {"melamed2023": PAPER, "beyond": PAPER}  # ours take the paper's setting

ENTRIES = {
    PAPER: r"""@inproceedings{melamed2023adversarial,
  author        = {Melamed, Odelia and Yehudai, Gilad and Vardi, Gal},
  title         = {Adversarial Examples Exist in Two-Layer {ReLU} Networks for Low Dimensional Linear Subspaces},
  booktitle     = {Advances in Neural Information Processing Systems},
  volume        = {36},
  year          = {2023},
  eprint        = {2303.00783},
  archiveprefix = {arXiv},
  url           = {https://arxiv.org/abs/2303.00783},
}""",
    "laurent2000adaptive": r"""@article{laurent2000adaptive,
  author  = {Laurent, B. and Massart, P.},
  title   = {Adaptive estimation of a quadratic functional by model selection},
  journal = {The Annals of Statistics},
  volume  = {28},
  number  = {5},
  pages   = {1302--1338},
  year    = {2000},
  doi     = {10.1214/aos/1015957395},
}""",
    "davidson2001local": r"""@incollection{davidson2001local,
  author    = {Davidson, Kenneth R. and Szarek, Stanislaw J.},
  title     = {Local operator theory, random matrices and {Banach} spaces},
  booktitle = {Handbook of the Geometry of {Banach} Spaces},
  volume    = {1},
  pages     = {317--366},
  publisher = {North-Holland},
  year      = {2001},
}""",
    "boucheron2013concentration": r"""@book{boucheron2013concentration,
  author    = {Boucheron, St{\'e}phane and Lugosi, G{\'a}bor and Massart, Pascal},
  title     = {Concentration Inequalities: A Nonasymptotic Theory of Independence},
  publisher = {Oxford University Press},
  year      = {2013},
}""",
    "vershynin2018high": r"""@book{vershynin2018high,
  author    = {Vershynin, Roman},
  title     = {High-Dimensional Probability: An Introduction with Applications in Data Science},
  publisher = {Cambridge University Press},
  year      = {2018},
}""",
}


def cite(statement: Statement | str) -> str:
    """Return BibTeX for a statement: its paper, and every result from elsewhere that its proof rests on.

    Parameters
    ----------
    statement : Statement or str
        A statement, or its name in the catalogue.

    Returns
    -------
    str
        One entry for each source; the text before an entry, which BibTeX skips, says what it is cited for.

    Raises
    ------
    UnknownStatement
        For a name that the catalogue lacks, and for a statement that depends on such a name.
    StatementError
        For a statement that is not the paper's and depends on none of the paper's.

    Examples
    --------
    >>> import boundkit as bk
    >>> print(bk.cite(bk.lemma_b_2).partition("@")[0])
    Lemma B.2, appendix B
    <BLANKLINE>
    >>> [line for line in bk.cite(bk.lemma_b_2).splitlines() if "Lemma 1" in line]
    ['Lemma 1, for Lemma B.1']
    """
    s = catalogue[statement] if isinstance(statement, str) else statement
    behind = _behind(s)
    papers = dict.fromkeys(PAPERS[other.paper] for other in behind if other.paper)
    if not papers:
        raise StatementError(f"{s.name} is no statement of the paper and depends on none: there is nothing to cite")
    place = s.place.partition(";")[0] if s.paper else ", ".join(catalogue[name].title for name in s.depends_on)
    parts = [f"{place}\n{ENTRIES[key]}" for key in papers]
    for key, uses in _sources(behind).items():
        places = "; ".join(f"{place}, for {', '.join(users)}" for place, users in uses.items())
        parts.append(f"{places}\n{ENTRIES[key]}")
    return "\n\n".join(parts) + "\n"


def dependencies() -> dict[str, tuple[str, ...]]:
    """Return, for every statement of the catalogue, the statements that its proof uses.

    >>> dependencies()["lemma_c_3"]
    ('lemma_c_1', 'lemma_c_2')
    """
    return {name: s.depends_on for name, s in catalogue.items()}


def graph_dict() -> dict[str, Any]:
    """The graph as JSON carries it: what each statement uses, from the paper and from elsewhere."""
    return {
        name: {"depends_on": list(s.depends_on), "rests_on": [f"{key}, {place}" for key, place in s.rests_on]}
        for name, s in catalogue.items()
    }


def graph_text() -> str:
    """The graph in lines: a statement, and what it uses directly."""
    width = max(map(len, catalogue))
    return "\n".join(
        f"{name:{width}}  {', '.join((*told['depends_on'], *told['rests_on'])) or '-'}"
        for name, told in graph_dict().items()
    )


def graph_dot() -> str:
    """The graph for Graphviz, an arrow from each statement to what it uses."""
    lines = [f'  {name} [label="{s.title}"];' for name, s in catalogue.items()]
    lines += [f"  {key} [style=dashed];" for key in _sources(tuple(catalogue.values()))]
    for name, s in catalogue.items():
        lines += [f"  {name} -> {other};" for other in s.depends_on]
        lines += [f'  {name} -> {key} [label="{place}"];' for key, place in s.rests_on]
    return "\n".join(["digraph boundkit {", "  rankdir=BT;", "  node [shape=box];", *lines, "}"])


def _behind(s: Statement) -> tuple[Statement, ...]:
    """The statement and every one that it depends on, near ones first."""
    found, names = [s], dict[str, None]()
    for one in found:
        new = [name for name in one.depends_on if name not in names]
        names |= dict.fromkeys(new)
        found += [catalogue[name] for name in new]
    return tuple(found)


def _sources(statements: tuple[Statement, ...]) -> dict[str, dict[str, list[str]]]:
    """Each entry that the statements take from, with the places in it and who uses them."""
    sources: dict[str, dict[str, list[str]]] = {}
    for s in statements:
        for key, place in s.rests_on:
            sources.setdefault(key, {}).setdefault(place, []).append(s.title)
    return sources
