"""What a name means: a statement, a paper, or a file or folder of one's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import sha256
from importlib import import_module
from pathlib import Path
import re
import sys
from types import ModuleType
from typing import Any

from boundkit.api.names import FEW, meant
from boundkit.api.neighbours import module_of
from boundkit.api.objects import Statement
from boundkit.api.papers import Collection, Paper, catalogue, is_name, papers, used_by
from boundkit.errors import BoundkitError, StatementError, UnknownStatement
from boundkit.shelf import PAPERS

_FILE = re.compile(r"(.+\.(?:py|json))(?::(.*))?", re.DOTALL)  # the colon is the one after .py, as in C:/x/my.py:name


def is_file_name(name: str) -> bool:
    """Whether a name is that of a Python or JSON file, alone or with a statement's name after a colon."""
    return _FILE.fullmatch(name) is not None


def find(name: str) -> Statement | Paper:
    """Return what a name means.

    Parameters
    ----------
    name : str
        STATEMENT, PAPER, PAPER.STATEMENT, FILE.py, FILE.py:name, FOLDER or FOLDER:name; FILE.json as FILE.py.

    Raises
    ------
    UnknownStatement
        Where there is nothing of that name, or a file cannot be read or run.
    StatementError
        Where a paper of one's own is no sound one.
    """
    if split := _FILE.fullmatch(name):
        if split[1].endswith(".json"):
            return statement_in(split[1], split[2]) if split[2] else _exchanged(Path(split[1]))
        return statement_in(split[1], split[2]) if split[2] else load(split[1])
    if name in papers or is_name(
        name
    ):  # what people say of a statement may be a folder's name too, which is then meant
        return papers[name] if name in papers else catalogue[name]
    folder, _, wanted = name.partition(":")
    if Path(folder).is_dir():
        return statement_in(folder, wanted) if wanted else load(folder)
    return catalogue[name]  # which says what there is


def load(path: str | Path) -> Paper:
    """Return the paper in a file or folder of one's own.

    Parameters
    ----------
    path : str or Path
        A Python file, which is run, or a folder, whose ``paper.py`` is. What it calls ``paper`` is the paper; a file
        without one is an untitled paper, of the statements in it. Or a JSON file, which is only read.

    Raises
    ------
    UnknownStatement
        Where it cannot be read or run, or holds neither a paper nor a statement.
    StatementError
        Where the paper has the name of another one, or a JSON file is no statement or paper.
    """
    path = Path(path)
    if path.suffix == ".json" and not path.is_dir():
        return _as_paper(_exchanged(path), path)
    file = path / "paper.py" if path.is_dir() else path
    if path.is_dir() and not file.is_file():
        raise UnknownStatement(f"{path} has no paper.py; write one with paper = bk.Paper(...), or name a file in it")
    there = vars(module_of(str(file)))
    found = there.get("paper")
    if isinstance(found, Paper):
        return _shelved(found, str(there["__name__"]), file)
    if found is not None or path.is_dir():
        what = "is not there" if found is None else f"is a {type(found).__name__}"
        raise StatementError(f"{file}: paper {what}; write paper = bk.Paper(...)")
    statements = tuple(_statements(there).values())
    if not statements:
        raise UnknownStatement(f"{file} has no statement and no paper; write paper = bk.Paper(...) in it")
    if file.name != "paper.py":
        _shelve_beside(file, statements)
    _refuse_two_meanings(file, statements)
    return Collection(name=_identifier(file.stem), statements=tuple(_holding(statements).values()))


def single(found: Statement | Paper, name: str) -> Statement:
    """The statement that is meant where one is: itself, or the only one of a paper.

    Raises
    ------
    UnknownStatement
        Where the paper has several.
    """
    if isinstance(found, Statement):
        return found
    if len(found.statements) == 1:
        return found.statements[0]
    mark = "." if name in papers else ":"
    count = len(found.statements)
    known = ", ".join(f"{name}{mark}{s.name}" for s in found.statements[: FEW if count > FEW else count])
    more = f" and others; boundkit list {name} shows them" if count > FEW else ""
    raise UnknownStatement(f"{name} has {count} statements; name one: {known}{more}")


def statement_in(path: str, name: str) -> Statement:
    """Return the statement that a file or folder has under a name.

    Raises
    ------
    UnknownStatement
        Where there is none.
    """
    if Path(path).is_dir() or path.endswith(".json"):
        return load(path)[name]
    statements = _statements(vars(module_of(path)))  # by what the file calls them, or by their own names
    statements = {**_holding(statements.values()), **statements}
    if name not in statements and len(same := meant(name, statements)) == 1:
        (name,) = same
    if name not in statements:
        known = ", ".join(statements) or "none"
        raise UnknownStatement(f"{path} has no statement {name!r}; write {path}:name, where name is one of: {known}")
    _shelve_beside(Path(path), (statements[name],))
    _refuse_two_meanings(Path(path), statements.values())
    return statements[name]


def _as_paper(found: Statement | Paper, file: Path) -> Paper:
    return found if isinstance(found, Paper) else Collection(name=_identifier(file.stem), statements=(found,))


def _exchanged(file: Path) -> Statement | Paper:
    """What a JSON file holds."""
    from boundkit.api.exchange import from_json

    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise UnknownStatement(f"{file} cannot be read: {why}; name a file that is there, in UTF-8") from None
    try:
        found = from_json(text)
    except StatementError as error:
        raise StatementError(f"{file}: {error}") from None
    if isinstance(found, Statement | Collection):
        return found
    if found.name in PAPERS and found == papers[found.name]:
        return papers[found.name]  # as it is installed
    module = ModuleType(f"boundkit_exchanged_{sha256(str(file.resolve()).encode()).hexdigest()[:12]}")
    module.__dict__.update(paper=found, __file__=str(file))
    sys.modules[module.__name__] = module  # where the shelf looks for it
    return _shelved(found, module.__name__, file)


def _statements(there: dict[str, Any]) -> dict[str, Statement]:
    return {name: value for name, value in there.items() if isinstance(value, Statement)}


def _holding(statements: Iterable[Statement]) -> dict[str, Statement]:
    """By name, of each the reading that holds."""
    found: dict[str, Statement] = {}
    for s in statements:
        found[s.name] = max(found.get(s.name, s), s, key=lambda one: len(one.readings))
    return found


def _shelve_beside(file: Path, statements: Iterable[Statement]) -> None:
    """Let names find the paper that statements of a file say they are of, where it is the file's neighbour."""
    beside = file.parent / "paper.py"
    if not beside.is_file():
        return
    for paper in dict.fromkeys(s.paper for s in statements if s.paper):
        if paper not in PAPERS:
            with suppress(BoundkitError):  # statements stand by themselves while their paper is being written
                load(beside)
        elif Path(elsewhere := _file_of(paper)).resolve() != beside.resolve():
            raise StatementError(f"{file}: there is a paper {paper!r} already, in {elsewhere}; rename this one")


def _shelved(paper: Paper, module: str, file: Path) -> Paper:
    """The paper, where names find it from now on."""
    known, _ = PAPERS.get(paper.name, (module, ()))
    if known != module:
        raise StatementError(
            f"{file}: there is a paper {paper.name!r} already, in {_file_of(paper.name)}; rename this one"
        )
    others = (names for other, (_, names) in PAPERS.items() if other != paper.name)
    if paper.name in dir(Mapping) or paper.name.startswith("_") or any(paper.name in names for names in others):
        raise StatementError(f"{file}: a paper called {paper.name!r} would hide what is called so; rename it")
    before = dict(PAPERS)
    PAPERS[paper.name] = module, tuple(s.name for s in paper.statements)
    try:
        for s in paper.statements:
            used_by(s)
    except UnknownStatement as error:
        PAPERS.clear()
        PAPERS.update(before)
        raise StatementError(f"{file}: {error}") from None
    return paper


def _file_of(paper: str) -> str:
    """Where a paper stands."""
    module = import_module(PAPERS[paper][0])
    return getattr(module, "__file__", None) or module.__name__


def _refuse_two_meanings(file: Path, statements: Iterable[Statement]) -> None:
    """A file without a paper names its own statements by what its proofs spend: ours of that name may be meant."""
    own = _holding(statements)
    for s in own.values():
        spent = () if s.proof is None else tuple(spend.event for spend in s.proof.spends)
        for name in s.depends_on:
            if not s.paper and name in own and name in catalogue and own[name] not in spent:
                ours = catalogue[name]
                raise StatementError(
                    f"{file}: {s.name} depends on {name!r}, which is in this file and in {ours.paper}; write "
                    f"paper = bk.Paper(...) in the file, or depends_on {ours.qualified_name}"
                )


def _identifier(stem: str) -> str:
    word = re.sub(r"\W", "_", stem)
    return word if word.isidentifier() else f"paper_{word}"
