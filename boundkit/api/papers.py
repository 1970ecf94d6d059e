"""Papers as people hold them: those that come with the package, and those of one's own once they are loaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from boundkit.api import names
from boundkit.api.objects import Statement
from boundkit.errors import ParameterError, StatementError, UnknownStatement
from boundkit.model.paper import PaperRecord
from boundkit.shelf import FILES, LAWS, PAPERS
from boundkit.values import cut_text

if TYPE_CHECKING:
    import sympy

LISTED = "boundkit list --all"


class Paper(PaperRecord):
    __doc__ = PaperRecord.__doc__

    statements: tuple[Statement, ...]

    def __getitem__(self, name: str) -> Statement:
        own = {s.name: s for s in self.statements}
        if name in own:
            return own[name]
        found = [own[one] for one in names.meant(name, own)] or _numbered(name, self.statements)
        if len(found) == 1:
            return found[0]
        if found:
            raise UnknownStatement(f"{name!r} may mean {' or '.join(s.name for s in found)}; write one of them")
        raise UnknownStatement(f"{self.name} has no statement {name!r}; {self._hint(name)}")

    def __getattr__(self, name: str) -> Statement:
        if name.startswith("_") or "statements" not in self.__dict__:  # copy and pickle ask before there are fields
            raise AttributeError(name)
        for s in self.statements:
            if s.name == name:
                return s
        raise AttributeError(f"{self.name} has no statement {name!r}; {self._hint(name)}")

    def _hint(self, name: str) -> str:
        listed = f"boundkit list {self.name}" if self.name in PAPERS else "its file"
        return names.hint(name, [s.name for s in self.statements], "it has", listed)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(s.name for s in self.statements)]

    def __repr__(self) -> str:
        return f"<{self.name}: {self.heading}, {len(self.statements)} statements>"

    def __str__(self) -> str:
        from boundkit.formats.tables import text_table

        made = ", ".join(map(str, (*self.authors, *([self.year] if self.year else []))))
        names = text_table(((s.name, s.place) for s in self.statements), indent="  ")
        return "\n".join(filter(None, [self.heading, made, names]))

    def _repr_html_(self) -> str:
        """Its head, and a line for each statement."""
        from boundkit.engine.cards import summary
        from boundkit.formats.html import tag
        from boundkit.formats.tables import html_table

        made = ", ".join(map(str, (*self.authors, *([self.year] if self.year else []))))
        rows = [(s.name, s.place, summary(s)) for s in self.statements]
        head = tag("p", tag("b", self.heading), f", {made}" if made else None)
        return f"{head}{html_table(('name', 'place', 'what it says'), rows)}"


class Collection(Paper):
    """Statements that stand in a file together, of any paper or of none."""

    loose = True

    def __repr__(self) -> str:
        return f"<{self.name}: {len(self.statements)} statements>"


def statements_of(package: str) -> tuple[Statement, ...]:
    """The statements of a package, in the order of its files."""
    files: Mapping[str, tuple[str, ...]] = import_module(package).FILES
    return tuple(getattr(import_module(f"{package}.{file}"), name) for file, names in files.items() for name in names)


class Papers(Mapping[str, Paper]):
    """Name to Paper; each loads when it is first asked for.

    Examples
    --------
    >>> import boundkit as bk
    >>> bk.papers.melamed2023.lemma_b_1 is bk.lemma_b_1
    True
    """

    def __getitem__(self, name: str) -> Paper:
        if name not in PAPERS:
            raise UnknownStatement(f"there is no paper {name!r}; {names.hint(name, PAPERS, 'there are', LISTED)}")
        paper: Any = import_module(PAPERS[name][0]).paper
        return paper if isinstance(paper, Paper) else _no_paper(name)

    def __getattr__(self, name: str) -> Paper:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self[name]
        except UnknownStatement as error:
            raise AttributeError(str(error)) from None

    def __iter__(self) -> Iterator[str]:
        return iter(PAPERS)

    def __len__(self) -> int:
        return len(PAPERS)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *PAPERS]

    def __repr__(self) -> str:
        return f"<papers: {', '.join(self)}>"


class Catalogue(Mapping[str, Statement]):
    """``paper.statement``, or the statement's name where one paper alone has it, to Statement.

    A name may be written as people say it, with spaces, dots, hyphens or thm for theorem; a number alone is the theorem
    of that number, where there is one.

    Examples
    --------
    >>> import boundkit as bk
    >>> bk.catalogue["theorem_5_1"].place
    'Theorem 5.1, section 5; proof in appendix C'
    >>> bk.catalogue["Lemma B.1"].name, bk.catalogue["5.1"].name
    ('lemma_b_1', 'theorem_5_1')
    """

    def __getitem__(self, name: str) -> Statement:
        name = str(name)
        paper, _, bare = name.partition(".")
        if paper in PAPERS:
            return papers[paper][bare] if bare not in PAPERS[paper][1] else _alone(paper, bare)
        everywhere = [(paper, name) for paper, (_, own) in PAPERS.items() if name in own] or [
            (paper, one) for paper, (_, own) in PAPERS.items() for one in names.meant(name, own)
        ]
        installed = [(paper, one) for paper, one in everywhere if is_installed(paper)]
        having = installed or everywhere  # what is read from files changes no name of what is installed
        if len(having) == 1:
            return _alone(*having[0])
        if having:
            raise UnknownStatement(_ambiguous(name, having))
        return self._by_number(name)

    def _by_number(self, name: str) -> Statement:
        """The statement whose number in print a text is, where no name says it."""
        found = _numbered(name, (s for paper in papers.values() for s in paper.statements))
        if len(found) == 1:
            return found[0]
        if found:
            raise UnknownStatement(_ambiguous(name, [(s.paper, s.name) for s in found]))
        known = [*PAPERS, *(one for _, own in PAPERS.values() for one in own)]
        raise UnknownStatement(f"there is no statement {name!r}; {names.hint(name, known, 'there are', LISTED)}")

    def __iter__(self) -> Iterator[str]:
        return (f"{paper}.{name}" for paper, (_, own) in PAPERS.items() for name in own)

    def __len__(self) -> int:
        return sum(len(own) for _, own in PAPERS.values())

    def __repr__(self) -> str:
        return f"<the catalogue: {', '.join(self)}>"


def _ambiguous(name: str, found: Iterable[tuple[str, str]]) -> str:
    """Which statements a name may mean, as they are told apart."""
    where = [f"{paper}.{one}" for paper, one in found]
    return f"{name!r} is in {', '.join(dict.fromkeys(paper for paper, _ in found))}; write {' or '.join(where[:3])}"


def _numbered(name: str, statements: Iterable[Statement]) -> list[Statement]:
    """The statements that print calls so; for a text that is no number of one nothing is loaded."""
    if name.isidentifier() or not names.is_spoken(name):
        return []
    return [s for s in statements if names.words_of(s.number) == names.words_of(name)]


def _alone(paper: str, name: str) -> Statement:
    """A statement; one of the library without the rest of its paper."""
    file = FILES.get(f"{paper}.{name}")
    found: Statement = papers[paper][name] if file is None else getattr(import_module(file), name)
    return found


def speaking_of(law: str) -> tuple[Statement, ...]:
    """The statements of the library whose truth is a law, and all of one's own; no others are loaded."""
    own = (name for name in catalogue if name not in FILES)
    return tuple(catalogue[name] for name in (*LAWS.get(law, ()), *own))


def is_name(name: str) -> bool:
    """Whether a name is a statement's own, and not only what people call one."""
    paper, _, bare = name.partition(".")
    return bare in PAPERS[paper][1] if paper in PAPERS else any(name in own for _, own in PAPERS.values())


def is_installed(paper: str) -> bool:
    """Whether a paper of that name comes with the package."""
    return paper in PAPERS and PAPERS[paper][0].startswith("boundkit.library.")


papers = Papers()
catalogue = Catalogue()


def first() -> Paper:
    """The paper that is meant where none is named."""
    return papers[next(iter(PAPERS))]


def statements_in(chosen: Statement | Paper | Iterable[Statement | Paper]) -> tuple[Statement, ...]:
    """Statements as they are, and those of papers, each once."""
    chosen = (chosen,) if isinstance(chosen, Statement | Paper | str) else tuple(chosen)
    for one in chosen:
        if not isinstance(one, Statement | Paper):
            raise ParameterError(f"{cut_text(one)}: give statements or papers themselves, as boundkit has them by name")
    found = (s for one in chosen for s in (one.statements if isinstance(one, Paper) else (one,)))
    return tuple(dict.fromkeys(found))


def belongs(s: Statement) -> bool:
    """Whether a statement is one of a paper's, or a reading of one; a name alone does not make it so."""
    return s.paper in PAPERS and s.name in PAPERS[s.paper][1] and s in papers[s.paper][s.name].readings


def used_by(s: Statement) -> tuple[Statement, ...]:
    """The statements that its proof uses: of its paper, of another that is named, or among those that it spends.

    Raises
    ------
    UnknownStatement
        Where `depends_on` names what is none of these.
    """
    spends = () if s.proof is None else s.proof.spends
    spent = {spend.event.name: spend.event for spend in spends if isinstance(spend.event, Statement)}
    return tuple(spent.get(name) or _named(name, s, spent) for name in s.depends_on)


def _named(name: str, s: Statement, spent: Mapping[str, Statement]) -> Statement:
    """The statement of a name in `depends_on`, of its own paper first."""
    own = s.paper in PAPERS and name in PAPERS[s.paper][1]
    with suppress(UnknownStatement):  # where several papers have it
        if own or is_name(name):
            return papers[s.paper][name] if own else catalogue[name]
    what = "no statement of the catalogue and none that its proof spends"
    near = names.near(name, [*spent, *(key.rpartition(".")[2] for key in catalogue)])
    hint = f"did you mean {' or '.join(near)}? " if near else ""
    raise UnknownStatement(f"{s.name} depends on {name!r}, which is {what}; {hint}mend depends_on")


def sharper(s: Statement) -> tuple[tuple[Statement, dict[sympy.Symbol, sympy.Expr]], ...]:
    """The statements of the catalogue that say more than this one, and what their own parameters are there."""
    if not belongs(s):
        return ()
    found = ((other, dict(other.sharpens)) for other in catalogue.values() if other.sharpens)
    return tuple((other, dict(at[s.name])) for other, at in found if s.name in at)


def _no_paper(name: str) -> Paper:
    raise StatementError(f"{PAPERS[name][0]}.paper is no paper; make it with bk.Paper")
