"""Tables of bounds: statements over a grid of values, as text, LaTeX, Markdown, CSV, JSON and pandas.

What stands in a row is said in `boundkit.studies.tables.rows`, how it prints in `boundkit.studies.tables.layouts`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from math import inf, prod
from shlex import quote
from typing import Any

from boundkit.api.objects import Statement
from boundkit.api.papers import catalogue
from boundkit.coerce import exactly
from boundkit.engine.accept import parameter_named
from boundkit.errors import ParameterError
from boundkit.formats.plainly import json_text
from boundkit.formats.tables import csv_text, data_frame
from boundkit.studies.tables.grids import LARGEST, grid, points, range_text
from boundkit.studies.tables.rows import Row, row_at
from boundkit.terms import given_text, is_formula
from boundkit.values import Formula, Value, exact_number
from boundkit.version import VERSION

# What a column carries as data: its printed cell may say less, rounded.
COLUMNS = {
    "statement": ("statement",),
    "bound": ("bound",),
    "failure": ("failure", "log_failure"),
    "probability": ("probability",),
    "exact": ("exact", "log_exact", "log_exact_low", "log_exact_high", "exact_kind", "worst_case"),
    "ratio": ("ratio",),
    "applies": ("applies",),
    "verdict": ("verdict",),
}
USUAL = ("bound", "failure", "exact", "ratio", "verdict")


@dataclass(frozen=True, repr=False)
class Table:
    """Statements over a grid of values.

    Attributes
    ----------
    rows : tuple of Row
        Statement by statement, the last parameter of the grid changing fastest.
    columns : tuple of str
        What is printed, in order; empty where none were asked for, and then the usual ones are, and data formats
        carry everything.
    over : tuple of (parameter, values)
        The grid.
    fix : tuple of (parameter, value)
        The parameters that keep one value, or one formula in others.
    """

    rows: tuple[Row, ...]
    columns: tuple[str, ...] = ()
    over: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    fix: tuple[tuple[str, Value | Formula], ...] = ()

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """The statements, in the order of the rows."""
        return tuple(dict.fromkeys(row.statement for row in self.rows))

    @property
    def shown(self) -> tuple[str, ...]:
        """The columns that are printed: those asked for, or the usual ones after what tells the rows apart."""
        if self.columns:
            return self.columns
        swept = tuple(letter for letter, _ in self.over)
        return (*(("statement",) if len(self.statements) > 1 or not swept else ()), *swept, *USUAL)

    @property
    def command(self) -> str:
        """The command that makes this table again, '' where a statement is not the catalogue's."""
        if any(catalogue.get(s.qualified_name) != s for s in self.statements):
            return ""
        words = ["boundkit table", *(s.name for s in self.statements)]
        words += [quote(f"{parameter}={given_text(value)}") for parameter, value in self.fix]
        words += [f"--over {parameter}={range_text(values)}" for parameter, values in self.over]
        return " ".join(words + ([f"--columns {','.join(self.columns)}"] if self.columns else []))

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the numbers has to know: fixed parameters, open conditions, what the exact values are."""
        from boundkit.studies.tables.layouts import table_notes

        return table_notes(self)

    def records(self) -> list[dict[str, Any]]:
        """Return one flat record a row: every parameter, what the columns carry, and always the verdict."""
        wanted = [name for column in self.columns or COLUMNS for name in COLUMNS.get(column, ())]
        parameters = dict.fromkeys(name for row in self.rows for name in row.values)
        told = [row.to_dict() for row in self.rows]
        names = ("statement", *parameters, *wanted, "verdict")
        return [{name: record.get(name) for name in dict.fromkeys(names)} for record in told]

    def to_text(self) -> str:
        """Return the table as aligned plain text, its notes below it."""
        from boundkit.studies.tables.layouts import table_text

        return table_text(self)

    def to_markdown(self) -> str:
        """Return the table as Markdown, its notes below it."""
        from boundkit.studies.tables.layouts import table_markdown

        return table_markdown(self)

    def to_latex(self, booktabs: bool = True, siunitx: bool = False) -> str:
        r"""Return a bare LaTeX `tabular`, ready for \\input, below comments that say how it was made.

        Parameters
        ----------
        booktabs : bool
            Rules from the package booktabs; without it, \\hline.
        siunitx : bool
            Numbers in S columns of the package siunitx, 4e-27144; without it, as $4 \\cdot 10^{-27144}$.

        Examples
        --------
        >>> import boundkit as bk
        >>> print(bk.table(bk.lemma_b_1, over={"n": "500:1e6:x2000"}, columns=("n", "failure")).to_latex())
        % boundkit ...: boundkit table lemma_b_1 --over n=500,1000000 --columns n,failure --format latex
        % needs \usepackage{booktabs}
        % Lemma B.1 corrected: sigma > 0 (E21)
        % at sigma = 1
        % Lemma B.1 assumes: w ~ N(0, sigma^2 I_n)
        \begin{tabular}{rr}
        \toprule
        $n$ & claimed failure \\
        \midrule
        $500$ & $2.69 \cdot 10^{-14}$ \\
        $1000000$ & $4 \cdot 10^{-27144}$ \\
        \bottomrule
        \end{tabular}
        <BLANKLINE>
        """
        from boundkit.studies.tables.layouts import table_latex

        return table_latex(self, booktabs, siunitx)

    def newcommands(self, prefix: str = "bound", siunitx: bool = False) -> str:
        r"""Return \\newcommand lines, one for each number of the table, so that a text can cite it by name.

        A name is the prefix, the statement where there are several, each swept parameter with its value in words, and
        the column. Rows where the statement does not apply get none: a text that cites one fails to compile. With
        `siunitx` numbers are written for that package.

        Raises
        ------
        ParameterError
            Where the prefix is not made of parameters, or two numbers would share a name.

        Examples
        --------
        >>> import boundkit as bk
        >>> t = bk.table(bk.lemma_b_1, over={"n": [600]}, columns=("failure",))
        >>> print(t.newcommands("gauss").splitlines()[-1])
        \newcommand{\gaussNSixHundredFailure}{\ensuremath{5.18 \cdot 10^{-17}}}
        """
        from boundkit.studies.tables.macros import table_newcommands

        return table_newcommands(self, prefix, siunitx)

    def to_csv(self) -> str:
        """Return the records as CSV: full precision, logs beside probabilities, expressions as text, gaps empty.

        Its first line is a comment, # and how it was made, which pandas skips with `comment="#"`.
        """
        from boundkit.studies.tables.layouts import made_by

        records = self.records()
        return f"# {made_by(self)}\n{csv_text(records[0], (record.values() for record in records))}"

    def to_json(self) -> str:
        """Return the records as JSON, with the command, the version and the notes."""
        made = {"boundkit": VERSION, "command": self.command, "notes": list(self.notes)}
        return json_text({**made, "rows": self.records()})

    def to_pandas(self) -> Any:
        """Return the records as a pandas.DataFrame.

        Raises
        ------
        BoundkitError
            Where pandas is not installed.
        """
        numbers = {"inf": inf, "-inf": -inf}
        return data_frame([{k: numbers.get(v, v) for k, v in record.items()} for record in self.records()])

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        names = ", ".join(s.name for s in self.statements)
        over = ", ".join(letter for letter, _ in self.over)
        return f"<table of {names}{f' over {over}' if over else ''}: {len(self.rows)} rows>"

    def _repr_html_(self) -> str:
        from boundkit.studies.tables.layouts import table_html

        return table_html(self)


def table(
    statements: Statement | str | Sequence[Statement | str],
    over: Mapping[str, Any] | None = None,
    fix: Mapping[str, Any] | None = None,
    columns: Sequence[str] | None = None,
) -> Table:
    """Tabulate what statements promise over a grid of values, beside the exact truth.

    Parameters
    ----------
    statements : Statement, str or a sequence of them
        Which statements, as objects or by name.
    over : mapping, optional
        For each parameter of the grid its values: a range in text (``"100:1000:100"``, stop included;
        ``"10:1e6:x10"``; ``"2,10,100"``), or any iterable of numbers.
    fix : mapping, optional
        Parameters with one value, or a SymPy formula in others, ``{"ell": 9 * d / 10}``; each must be one of at least
        one of the statements. Those in neither stay free, and bounds are expressions in them.
    columns : sequence of str, optional
        What to print: any of statement, bound, failure, probability, exact, ratio, applies, verdict, and parameters.

    Returns
    -------
    Table
        One row for each statement and point.

    Raises
    ------
    ParameterError
        For malformed ranges, parameters that a statement lacks, unknown columns, values that make no sense for their
        parameter (the row is named), and more than 10000 rows.
    UnknownStatement
        For a name that the catalogue lacks.

    Examples
    --------
    >>> import boundkit as bk
    >>> print(bk.table("lemma_b_1", over={"n": "10:1000:x10"}, columns=("n", "bound", "failure", "exact", "ratio")))
       n  |w|^2 >=  claimed failure  exact failure  ratio of logs
      10         5            0.536          0.109          3.548
     100        50          0.00194        6.96e-6            1.9
    1000       500         7.19e-28       4.07e-44          1.598
      Lemma B.1 corrected: sigma > 0 (E21)
      at sigma = 1
      Lemma B.1 assumes: w ~ N(0, sigma^2 I_n)
    """
    chosen = _statements(statements)
    read = grid(_named(chosen, over or {}))
    fixed = {parameter: _fixed(parameter, value) for parameter, value in _named(chosen, fix or {}).items()}
    _refuse_parameters(chosen, read, fixed)
    if (count := len(chosen) * prod(map(len, read.values()))) > LARGEST:
        raise ParameterError(f"the table would have {count} rows, and at most {LARGEST} are allowed")
    wanted = _columns(chosen, columns)
    exact = not wanted or bool({"exact", "ratio"} & {*wanted})
    rows: list[Row] = []
    for s in chosen:
        own = {parameter: value for parameter, value in fixed.items() if parameter in _parameters(s)}
        rows += [row_at(len(rows) + i, s, own | point, exact) for i, point in enumerate(points(read), 1)]
    return Table(tuple(rows), wanted, tuple(read.items()), tuple(fixed.items()))


def _statements(statements: Statement | str | Sequence[Statement | str]) -> tuple[Statement, ...]:
    given = (statements,) if isinstance(statements, Statement | str) else tuple(statements)
    chosen = tuple(s if isinstance(s, Statement) else catalogue[s] for s in given)
    if not chosen:
        raise ParameterError("no statement is given; name at least one")
    if len(set(chosen)) < len(chosen):
        raise ParameterError("a statement is given twice; give each once")
    return chosen


def _named(chosen: tuple[Statement, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by the parameters' own names, in the first of the statements that has them."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        own = next(filter(None, (_own_name(s, name) for s in chosen)), name)
        if own in found:
            raise ParameterError(f"{own} is given twice; give each parameter once")
        found[own] = value
    return found


def _own_name(s: Statement, name: str) -> str:
    with suppress(ParameterError):
        return parameter_named(s, name)
    return ""


def _fixed(parameter: str, value: Any) -> Value | Formula:
    if is_formula(value):
        return exactly(value)
    try:
        return exact_number(value)
    except ParameterError as error:
        raise ParameterError(f"{parameter}: {error}") from None


def _parameters(s: Statement) -> tuple[str, ...]:
    return tuple(p.name for p in s.parameters)


def _refuse_parameters(chosen: tuple[Statement, ...], over: Mapping[str, Any], fixed: Mapping[str, Any]) -> None:
    """Raise a ParameterError for one both swept and fixed, swept but not of every statement, or fixed but of none."""
    if both := sorted(over.keys() & fixed.keys()):
        raise ParameterError(f"{', '.join(both)}: both swept and fixed; choose one")
    for s in chosen:
        s.refuse_unknown(over)
    for parameter in fixed:
        if not any(parameter in _parameters(s) for s in chosen):
            for s in chosen:
                s.refuse_unknown({parameter: None})


def _columns(chosen: tuple[Statement, ...], columns: Sequence[str] | None) -> tuple[str, ...]:
    """The columns asked for, () for the usual ones; a ParameterError where one is unknown or asked for twice."""
    names = (columns,) if isinstance(columns, str) else tuple(columns or ())
    known = (*COLUMNS, *dict.fromkeys(parameter for s in chosen for parameter in _parameters(s)))
    for name in names:
        if name not in known:
            near = get_close_matches(str(name), known, n=1)
            hint = f"did you mean {near[0]}? " if near else ""
            raise ParameterError(f"there is no column {name!r}; {hint}the columns are {', '.join(known)}")
    if columns is not None and not names:
        raise ParameterError(f"no column is asked for; the columns are {', '.join(known)}")
    if len(set(names)) < len(names):
        raise ParameterError("a column is asked for twice; name each once")
    return names
