"""Logs, roots and exponentials taken apart, so that what is left to prove is algebra that Coq's `field` knows.

ln(x y) is ln x + ln y, sqrt(x y) is sqrt x sqrt y, exp(a + b) is exp a exp b. Each is asserted, with a proof.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from math import gcd, lcm

import sympy

from boundkit.engine.proof.coq.writing import HALF, Writer
from boundkit.engine.proof.known import Known
from boundkit.values import Formula

Equation = tuple[str, str, str]  # a function, what it is, and the proof
Factors = dict[Formula, Formula]  # what stands in a product, and to which power


class Normal:
    """The functions in some expressions, each as a sum or product of the simplest ones."""

    def __init__(
        self, known: Known, writer: Writer, exprs: Iterable[Formula], spoken: Writer | None = None, every: bool = False
    ) -> None:
        self.known, self.writer = known, writer
        self.spoken = dict((spoken or writer).names)  # and functions, as they stand once they are taken apart
        self.meaning = known.written_out if spoken else known.plain
        parts = [part for expr in exprs for part in sympy.postorder_traversal(_without_ln_exp(known.plain(expr)))]
        self.parts = list(dict.fromkeys(part for part in parts if self._is_taken_apart(part)))
        self.simple: dict[Formula, Formula] = {}
        inside = [part.args[0] for part in self.parts if isinstance(part, sympy.log)]
        self.whole_logs = not every and len(inside) < 2
        self.sums = {x: {f for f in self.factors(x) if f.is_Add} for x in dict.fromkeys(map(self.meaning, inside))}

    def _is_taken_apart(self, part: Formula) -> bool:
        if isinstance(part, sympy.log | sympy.exp):
            return True
        if not part.is_Pow or part.exp.is_Integer:
            return False
        return bool(part.exp.is_Rational and part.exp.q == 2) or self.known.nonnegative(part.base, True)

    def equations(self) -> Iterator[Equation]:
        """A function, what it is, and the proof."""
        for part in self.parts:
            if isinstance(part, sympy.log):
                yield from self._log(part)
            elif part.is_Pow and not _is_power(part):
                yield from self._root(part)
        yield from self._exponentials([p for p in self.parts if isinstance(p, sympy.exp) or _is_power(p)])

    def _log(self, part: Formula) -> Iterator[Equation]:
        inside = self.meaning(part.args[0])
        others = {f for x, sums in self.sums.items() if x != inside for f in sums}
        product = self.factors(inside, sums=not self.sums[inside] & others)
        if self.whole_logs and not any(isinstance(base, sympy.exp) for base in product):
            return
        self.simple[part] = sympy.Add(*(power * log_in(base) for base, power in product.items()))
        yield from self._equation(part, self.simple[part], product, "logs; close")

    def _root(self, part: Formula) -> Iterator[Equation]:
        """The root of a product, whole powers outside."""
        product = self.factors(self.meaning(part.base.xreplace(self.simple)), sums=True)
        root = part if part.exp == HALF else sympy.Pow(part.base, HALF, evaluate=False)
        found = sympy.Mul(*(base ** (power / 2) for base, power in product.items()), evaluate=False)
        yield from self._equation(root, found, product, "roots; close")

    def _equation(self, part: Formula, found: Formula, product: Factors, proof: str) -> Iterator[Equation]:
        """A function as it stands, what it is, and the proof; it is written as what it is from here on."""
        raw, simple = Writer(self.spoken).term(part), self.writer.term(found)
        if raw == simple:
            return
        inside = Writer(self.spoken).term(part.args[0])
        written = self.written(product)
        start = "" if inside == written else f"replace {inside} with {written} by close; "
        self.spoken[part] = simple
        yield raw, simple, f"{start}{proof}"

    def written(self, product: Factors) -> str:
        """A product of powers, in Coq's spelling; higher powers as squares, of which roots are known."""
        above: list[str] = []
        below: list[str] = []
        for base, power in product.items():
            times = abs(power)
            place = above if power > 0 else below
            term = self.writer.term(base)
            if times.is_Integer:
                place += [f"({term} ^ 2)"] * int(times // 2) + [term] * int(times % 2)
            else:
                place.append(self.writer.term(base**times))
        numerator = f"({' * '.join(above)})" if above else "1"
        return f"({numerator} / ({' * '.join(below)}))" if below else numerator

    def factors(self, expr: Formula, sums: bool = False) -> Factors:
        """An expression that is above 0 as a product: primes, and what does not factor, each the way it is above 0.

        With `sums` a sum stays one where that is shorter.
        """
        found: Factors = defaultdict(lambda: sympy.S.Zero)
        negative = False
        hidden, names = _masked(expr)
        factored = sympy.factor(sympy.together(hidden))
        if sums and hidden.is_Add and sympy.count_ops(factored) > sympy.count_ops(hidden):
            return {expr: sympy.S.One}
        for factor in sympy.Mul.make_args(factored):
            base, power = factor.as_base_exp() if factor.is_Pow else (factor, sympy.S.One)
            base = base.xreplace(names)
            if base.is_Pow and base.exp.is_Rational:
                base, power = base.base, base.exp * power
            if not power.is_Rational:
                base, power = factor, sympy.S.One
            if base.is_Rational:
                negative ^= bool(base < 0)
                for prime, times in sympy.factorrat(abs(base)).items():
                    found[sympy.Integer(prime)] += times * power
            elif base.is_Add and self.known.nonnegative(-base):
                negative ^= power.is_Integer and power % 2 == 1
                found[sympy.expand(-base)] += power
            else:
                found[base] += power
        return {base: power for base, power in found.items() if power != 0 and base != 1}

    def _exponentials(self, parts: list[Formula]) -> Iterator[Equation]:
        """Whole powers of the exponentials that they have in common."""
        sums = {part: self._monomials(self._exponent(part)) for part in parts}
        numbers: dict[Formula, list[Formula]] = defaultdict(list)
        for terms in sums.values():
            for rest, number in terms.items():
                numbers[rest].append(number)
        units = {rest: _common(found) for rest, found in numbers.items()}
        for part, terms in sums.items():
            product: Factors = {}
            for rest, number in terms.items():
                if isinstance(rest, sympy.log) and (2 * number).is_Integer:
                    product[rest.args[0]] = number
                else:
                    product[sympy.exp(units[rest] * rest)] = number / units[rest]
            raw, simple = Writer(self.spoken).term(part), self.written(product)
            self.spoken[part] = simple
            if raw != simple and f"({raw})" != simple:
                yield raw, simple, "apply eq_by_logs; [sign | sign | logs; close]"

    def _exponent(self, part: Formula) -> Formula:
        """The log of an exponential, or of a power of what is above 0."""
        if isinstance(part, sympy.exp):
            return part.args[0]
        return part.exp * sympy.Add(
            *(power * log_in(base) for base, power in self.factors(self.meaning(part.base)).items())
        )

    def _monomials(self, expr: Formula) -> dict[Formula, Formula]:
        """A sum as numbers times products, logs in it taken apart."""
        found: dict[Formula, Formula] = defaultdict(lambda: sympy.S.Zero)
        for term in sympy.Add.make_args(sympy.expand(self.meaning(expr.xreplace(self.simple)))):
            number, rest = term.as_coeff_Mul()
            found[rest] += number
        return {rest: number for rest, number in found.items() if number != 0}


def is_algebra(a: Formula, b: Formula) -> bool:
    """Whether two expressions are one by sums, products and fractions alone, every function being a number."""
    return bool(sympy.cancel(_masked(a - b)[0]) == 0)


def _masked(expr: Formula) -> tuple[Formula, dict[Formula, Formula]]:
    """An expression with a name for every function and root in it, and what the names stand for."""
    names: dict[Formula, Formula] = {}

    def plain(expr: Formula) -> Formula:
        if expr.is_Symbol or expr.is_Rational:
            return expr
        if expr.is_Add or expr.is_Mul or (expr.is_Pow and expr.exp.is_Integer):
            return expr.func(*map(plain, expr.args))
        return names.setdefault(expr, sympy.Dummy())

    hidden = plain(expr)
    return hidden, {name: part for part, name in names.items()}


def _without_ln_exp(expr: Formula) -> Formula:
    """With ln(exp(x)) as x, as Coq has it by then."""
    return expr.replace(
        lambda e: isinstance(e, sympy.log) and isinstance(e.args[0], sympy.exp), lambda e: e.args[0].args[0]
    )


def _is_power(part: Formula) -> bool:
    """Whether it is a power that is no root."""
    return bool(part.is_Pow) and not (part.exp.is_Rational and part.exp.q == 2)


def log_in(base: Formula) -> Formula:
    """The log of a factor."""
    if isinstance(base, sympy.exp):
        return base.args[0]
    return base.exp * sympy.log(base.base) if base.is_Pow else sympy.log(base)


def _common(numbers: list[Formula]) -> Formula:
    """The greatest number of which all are whole multiples."""
    return sympy.Rational(gcd(*(int(x.p) for x in numbers)), lcm(*(int(x.q) for x in numbers)))
