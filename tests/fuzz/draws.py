"""Random values, sensible and not, and random command lines, from a seeded `random.Random`."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import inf, nan
from random import Random
from typing import Any

import click
import numpy as np
from support import STATEMENTS
import sympy

import boundkit as bk
from boundkit.api.objects import Statement
from boundkit.cli import main
from boundkit.model.parameter import Parameter

READINGS = tuple(reading for s in STATEMENTS.values() for reading in s.readings)
ODD: tuple[Any, ...] = (
    0, -1, 1, 2**53, 2**53 + 1, 10**30, 10**300, 10**301, -(10**18), 10**5000, 0.0, -0.0, 0.5, 1e-300, 5e-324, 1e-16,
    1e16, 1e300, 1.7e308, inf, -inf, nan, 1 + 2**-52, Fraction(1, 3), Fraction(-7, 2), Fraction(1, 10**300),
    Fraction(10**400, 10**399 + 1), Decimal("0.1"), Decimal("NaN"), Decimal("1e-400"), True, False, None, "3", "", "x",
    np.bool_(True), b"1", 1j, object(), [], [1, 2], {}, np.float32(0.1), np.float64("nan"), np.int8(7),
    np.uint64(2**63),
    np.longdouble("0.1"), np.array(3), np.array([1, 2]), np.str_("2"), sympy.Integer(5), sympy.Rational(1, 3),
    sympy.Float("0.1"), sympy.Symbol("n"), sympy.oo, sympy.nan, sympy.sqrt(2), sympy.pi, np.datetime64("2020-01-01"),
)  # fmt: skip
SLOW = ("audit", "falsify", "simulate", "compare", "sweep", "figure")


def sensible(p: Parameter, rng: Random, others: dict[str, Any]) -> Any:
    """A value inside the parameter's domain, as far as the parameters before it say where that ends."""
    ends = [_number(end, others) for end in (p.low, p.high)]
    low, high = (x if x is not None and abs(x) < 1e18 else None for x in ends)
    kind = rng.randrange(4)
    if p.integer:
        least, most = int(low if low is not None else -5), int(high) if high is not None else 10 ** rng.randint(1, 9)
        most = max(least, most)
        near = rng.choice((least, most, least + 1, most - 1, min(most, least + 10 ** rng.randint(0, 6))))
        value = min(max(near if kind else rng.randint(least, most), least), most)
        return rng.choice((value, value, float(value), Fraction(value)))
    if low is not None and high is not None:
        value = low + (high - low) * Fraction(rng.randint(p.strict, 1000), 1000)
    else:
        size = Fraction(10) ** rng.randint(-4, 5) * Fraction(rng.randint(p.strict, 100), 10)
        value = low + size if low is not None else high - size if high is not None else size * rng.choice((-1, 1))
    return rng.choice((float(value), float(value), Fraction(value)))


def values(s: Statement, rng: Random, odd: float, missing: float) -> dict[str, Any]:
    """Values for a statement's parameters; each is odd with one probability, and left out with the other."""
    found: dict[str, Any] = {}
    for p in s.parameters:
        if rng.random() >= missing:
            found[p.name] = rng.choice(ODD) if rng.random() < odd else sensible(p, rng, found)
    if rng.random() < odd / 10:
        found[rng.choice(("q", "columns_", "", "theta"))] = 1
    return found


def command_line(rng: Random) -> list[str]:
    """A command with words that its own parameters ask for, some of them broken; always in slow commands."""
    name = rng.choice(sorted(main.commands))
    words = [name]
    for param in main.commands[name].params:
        if isinstance(param, click.Option) and not param.is_flag:
            if rng.random() < 0.3:
                words += [rng.choice(param.opts), _option_value(param, rng)]
        elif isinstance(param, click.Option):
            words += [rng.choice([*param.opts, *param.secondary_opts])] if rng.random() < 0.2 else []
        else:
            words += _argument(name, param, words, rng)
    if rng.random() < 0.2:
        words.insert(rng.randrange(len(words) + 1), _noise(rng))
    if rng.random() < 0.1:
        del words[rng.randrange(len(words))]
    if name == "explore":  # of all papers it takes minutes
        words = [word for word in words if word != "--all"]
    if name in SLOW and name in words:  # two words that end it, for an option may swallow the first
        words += rng.choices(("--help", "--seed=x", "--no-such-option", "--format=yaml"), k=2)
    return words


def mistaken_line(rng: Random) -> list[str]:
    """A line that works, quick to answer, with one or two mistakes that people make."""
    words = rng.choice(LINES).split()
    for _ in range(rng.choice((1, 1, 2))):
        i = rng.randrange(len(words))
        words[i : i + 1] = rng.choice(MISTAKES)(words[i], rng)
        words = words or ["list"]
    return words


def _misspelt(word: str, rng: Random) -> list[str]:
    """One letter left out, twice, or changed with the next."""
    if len(word) < 2:
        return [word * 2]
    i = rng.randrange(len(word) - 1)
    return [
        rng.choice(
            (word[:i] + word[i + 1 :], word[: i + 1] + word[i:], word[:i] + word[i + 1] + word[i] + word[i + 2 :])
        )
    ]


LINES = (
    "audit lemma_b_1 --points 3 --no-simulate", "bounds binomial_at_least n=1000 p=0.1 x=150",
    "budget theorem_5_1 d=1e6 ell=9e5 m=10 k=3 output=1", "certificate lemma_b_1", "cite theorem_5_1",
    "compare d=30 m=2 --searched 0", "completion bash", "errata lemma_b_1", "eval lemma_b_1 n=100 --exact",
    "eval theorem_5_1 d=1000 ell=0.9d m=10 k=m/2", "explore lemma_b_1 --no-open --out page.html",
    "falsify lemma_b_1 --budget 1", "figure 9 --quick", "graph lemma_c_3", "list classics",
    "network weights.npz points.npz", "plot tightness lemma_b_1 --over n=10:100:30 -o picture.svg",
    "review lemma_b_1 n=100 sigma=1", "runs store", "show 5.1 --format latex --theorem",
    "simulate lemma_b_1 n=5 --trials 9", "solve lemma_b_1 n failure=0.01", "sweep sweep.py",
    "table lemma_b_1 sigma=1 --over n=10,100 --columns n,failure",
)  # fmt: skip
MISTAKES = (
    _misspelt, _misspelt, lambda word, _: [], lambda word, _: [word, word], lambda word, _: [word.upper()],
    lambda word, _: [word.replace("_", "-")], lambda word, _: [word.replace("_", " ")], lambda word, _: [f"-{word}"],
    lambda word, _: [*word.partition("=")], lambda word, _: [word.replace("=", ":")],
    lambda word, _: [word.lstrip("-")],
    lambda word, _: [word.replace("=", "==")], lambda word, _: [word.partition("=")[0] + "="],
    lambda word, _: [word.replace(".", ",")], lambda word, _: [f"{word},"], lambda word, _: [f"({word})"],
    lambda word, rng: [word, rng.choice(("help", "-v", "--verbose", "all", "*", "d=ten", "m = 5", "n=-1", "k=1/0"))],
    lambda word, _: [f"'{word}'"], lambda word, _: [f"${word}$"], lambda word, _: [word.replace("0", "O")],
)  # fmt: skip


def _argument(command: str, param: click.Parameter, words: list[str], rng: Random) -> list[str]:
    if isinstance(param.type, click.Choice):
        return [rng.choice(tuple(map(str, param.type.choices)))]
    if param.name in ("name", "names"):
        count = 1 if param.nargs == 1 else rng.randint(0, 2)
        return [rng.choice((*bk.PAPER, *bk.BEYOND)) if rng.random() < 0.95 else _noise(rng) for _ in range(count)]
    named = next((word for word in words if word in STATEMENTS), "theorem_5_1")
    if param.name == "parameter":
        return [rng.choice([p.name for p in bk.catalogue[named].parameters])]
    if param.name == "words":
        chosen = rng.choice((*bk.PAPER, *bk.BEYOND))
        given = values(bk.catalogue[chosen], rng, 0.05, 0.5)
        return [chosen, *(f"{parameter}={_text(value, rng)}" for parameter, value in given.items())]
    if param.name == "values":
        given = values(bk.catalogue[named], rng, 0.05, 0.2)
        extra = [f"failure={rng.choice(('0.01', '1', '0', '1e-9', '2'))}"] if command == "solve" else []
        return [f"{parameter}={_text(value, rng)}" for parameter, value in given.items()] + extra
    return [_noise(rng)]


def _option_value(param: click.Option, rng: Random) -> str:
    if isinstance(param.type, click.Choice) and rng.random() < 0.95:
        return str(rng.choice(tuple(param.type.choices)))
    if isinstance(param.type, click.Path):
        return rng.choice(("/nonexistent/x", ".", ""))
    parameter = rng.choice(("d", "ell", "m", "k", "n", "sigma", "t"))
    return rng.choice((
        "1", "-1", "0", "2.5", f"{parameter}=1:9:2", f"{parameter}=10:1e4:x10", f"{parameter}=2,10,100",
        f"{parameter}=5", f"{parameter}=9:1:0", f"{parameter}=1:1e300", "failure,bound", "verdict", _noise(rng),
    ))  # fmt: skip


def _text(value: Any, rng: Random) -> str:
    try:
        return f"{value}" if rng.random() < 0.9 else f"{float(value):e}"
    except (TypeError, ValueError, OverflowError):
        return "1" * 5000


def _noise(rng: Random) -> str:
    return rng.choice((
        "", "=", "d=", "=3", "d=1=2", "--", "-", "--format", "--help", "-h", "d=1e999", "d=1/0", "d=\u0663",
        "\u00e9\u2211", "nan", "d=nan", "d=0x10", "d=1_000", " d = 5 ", "d=5\n", "theorem_51", "x.py:y", "a.py", ":",
        "/:x", "%s", "{}",
        "".join(chr(rng.randrange(32, 1000)) for _ in range(rng.randint(1, 8))),
    ))  # fmt: skip


def _number(end: Any, others: dict[str, Any]) -> Fraction | None:
    """The end of a domain, where the other parameters say what it is."""
    if end.is_Symbol:
        try:
            return Fraction(others[end.name])
        except (KeyError, TypeError, ValueError, OverflowError):
            return None
    if end.free_symbols:
        parameters = {symbol: _number(symbol, others) for symbol in end.free_symbols}
        if None in parameters.values():
            return None
        end = end.xreplace({symbol: sympy.Rational(x) for symbol, x in parameters.items()})
    return _constant(end)


@cache
def _constant(end: Any) -> Fraction | None:
    if end.is_infinite or end is sympy.nan:
        return None
    return Fraction(int(end.p), int(end.q)) if end.is_Rational else Fraction(float(end))
