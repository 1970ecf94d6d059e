"""Answers do not depend on flint's, mpmath's or NumPy's state, in any thread, and leave it as it was."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from random import Random
import sys
from threading import Event, Thread
import time
from typing import Any

from flint import arb, ctx
import mpmath
import numpy as np
import pytest

import boundkit as bk
from boundkit.errors import PrecisionError
from boundkit.laws import certified
from boundkit.precision import at_bits

Answer = Callable[[int], Any]


def _refuted(i: int) -> str:
    return str(bk.refute(bk.lemma_b_2.as_printed, n=16 + i, m=2, sigma=1, r=-1))


ANSWERS: tuple[Answer, ...] = (
    lambda i: bk.lemma_b_1(n=16 + i).exact().enclosure,
    lambda i: str(bk.theorem_5_1(d=10**4 + i, ell=5000 + i, m=5)),
    lambda i: bk.lemma_c_2(norm_u=1, t=0.1 * (i + 1)).exact().enclosure,
    lambda i: certified.chi_square_logcdf_ratio(0.5, 16 + i),
    lambda i: certified.row_sum_logcdf(0.5, 100 + i, 7),
    lambda i: (bk.lemma_c_1(n=1 + i, sigma=0.1).bound, bk.lemma_c_1(n=1 + i, sigma=0.1).log_failure),
    lambda i: bk.theorem_6_2.evaluate(d=9, ell=6, m=5, k=3, eta=0.1, lam=[9.999, 10.0], T=5 + i)["bound"].tolist(),
    _refuted,
)


def asked(i: int) -> Any:
    return ANSWERS[i % len(ANSWERS)](i // len(ANSWERS) % 40)


def sets(stop: Event) -> None:
    random = Random(1)
    while not stop.is_set():
        ctx.prec = random.choice((20, 53, 64, 128, 333))
        time.sleep(1e-5 if random.random() < 0.2 else 0)


def restores(stop: Event) -> None:
    while not stop.is_set():
        with ctx.workprec(53):
            time.sleep(1e-5)


@contextmanager
def noise(kind: Callable[[Event], None]) -> Iterator[None]:
    stop, before = Event(), ctx.prec
    thread = Thread(target=kind, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        ctx.prec = before


def same_as_serial(kind: Callable[[Event], None], count: int) -> None:
    serial = [asked(i) for i in range(count)]
    turns = sys.getswitchinterval()
    with noise(kind), ThreadPoolExecutor(8) as pool:
        assert list(pool.map(asked, range(count))) == serial
    assert sys.getswitchinterval() == turns


@pytest.mark.parametrize("kind", [sets, restores])
def test_threads_beside_a_noisy_one_give_the_serial_answers(kind: Callable[[Event], None]) -> None:
    same_as_serial(kind, 120)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [sets, restores])
def test_2000_answers_from_8_threads_beside_a_noisy_one_are_the_serial_ones(kind: Callable[[Event], None]) -> None:
    same_as_serial(kind, 2000)


@pytest.mark.parametrize("bits", [2, 20, 53, 400])
def test_the_callers_precision_changes_nothing_and_stays(bits: int) -> None:
    usual = [asked(i) for i in range(2 * len(ANSWERS))]
    before = ctx.prec
    ctx.prec = bits
    try:
        assert [asked(i) for i in range(2 * len(ANSWERS))] == usual
        assert ctx.prec == bits
    finally:
        ctx.prec = before


def test_mpmath_and_numpy_change_nothing_and_stay() -> None:
    usual = [asked(i) for i in range(len(ANSWERS))]
    with mpmath.workdps(3), np.errstate(all="raise"):
        assert [asked(i) for i in range(len(ANSWERS))] == usual
        assert mpmath.mp.dps == 3
        assert set(np.geterr().values()) == {"raise"}


def test_a_precision_changed_on_the_way_is_seen_and_the_work_done_again() -> None:
    """A third of 2^-100 is asked for; the first attempt is disturbed, and leaves what the other one set."""
    tries: list[int] = []

    def third() -> Any:
        tries.append(ctx.prec)
        if len(tries) == 1:
            ctx.prec = 20
        return arb(1) / 3

    before = ctx.prec
    try:
        assert at_bits(100, third).rel_accuracy_bits() > 90
        assert tries == [100, 100]
        assert ctx.prec == 20
    finally:
        ctx.prec = before


def test_a_law_that_never_restores_the_precision_is_told_so() -> None:
    def sets_it() -> None:
        ctx.prec = 77

    before = ctx.prec
    with pytest.raises(PrecisionError, match=r"flint.ctx.prec changes .* restore it"):
        at_bits(100, sets_it)
    ctx.prec = before


def test_nested_work_at_other_precisions_is_no_disturbance() -> None:
    def outer() -> tuple[int, int]:
        return at_bits(200, lambda: ctx.prec), ctx.prec

    assert at_bits(100, outer) == (200, 100)
