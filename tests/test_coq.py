"""Proofs in the language of Coq: what is assumed is said, what is undefined is asked for, and false ones are refused.

Where Coq is not installed only the text is looked at.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random
import re
import shutil
import subprocess
from types import SimpleNamespace

from adversarial.proofs.test_false_proofs import FALSE
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
import pytest
from support import STATEMENTS
import sympy
from sympy import Eq, Rational, exp, log, sqrt

import boundkit as bk
from boundkit.api.objects import Statement
from boundkit.cli import main
from boundkit.enclose import holds
from boundkit.engine.proof.coq import accepting, stating
from boundkit.engine.proof.coq.accepting import Acceptance, CoqMissing, asked, digest, stored, verified
from boundkit.engine.proof.coq.translation import translated
from boundkit.engine.proof.coq.writing import (
    TAKEN,
    Condition,
    LawAtTheta,
    Writer,
    conditions,
    identifier,
    identifiers,
)  # fmt: skip
from boundkit.engine.proof.known import Known
from boundkit.errors import BoundkitError, LawError, StatementError
from boundkit.model.proof import Fact, NonnegativeSum, Proof, Squares, Step
from boundkit.model.statement import assumed
from boundkit.tails import Tail, chi_square_at_most

ROOT = Path(__file__).parent.parent
PROVED = {s.qualified_name: s for s in bk.catalogue.values() if s.proof is not None}
NORMAL = ("mills_upper", "mills_gordon", "tail_below_density", "normal_half", "normal_sides")
ROW_SUMS = ("sharpened_5_1", "sharpened_5_1_everywhere")
PIXELS = ("linf_flip", "valid_image_flip")
NOT_ACCEPTED = {  # each with its reason in docs/certificate.md
    *(f"classics.{name}" for name in NORMAL),
    *(f"beyond.{name}" for name in ("normal_tail", *ROW_SUMS, *PIXELS)),
}
needs_coq = pytest.mark.skipif(shutil.which("coqc") is None, reason="coqc is not installed")
x, y, v = sympy.symbols("x y v")
REAL, POSITIVE = bk.reals(x, "any number"), bk.reals(y, "a positive number", 0)
BY_DEFINITION = Fact("by definition")


def stated(claim: object, *steps: Step, parameters: tuple = (REAL, POSITIVE), **how: object) -> Statement:
    """A statement about v, which nothing random stands in."""
    return Statement(
        name="wrong", place="A statement", parameters=parameters, quantities=(bk.reals(v, "v"),), claims=(claim,),
        failure=0, proof=Proof(steps=steps), **how,
    )  # fmt: skip


def section(s: Statement) -> str:
    """The file without its prelude."""
    return re.split(r"^Section ", translated(s).text, maxsplit=1, flags=re.MULTILINE)[1]


def flat(text: str) -> str:
    return " ".join(text.split())


def test_a_file_says_everything_that_is_assumed_with_its_words() -> None:
    text = flat(section(bk.lemma_b_1))
    for said in (
        "(* the dimension *) Variable n : R.",
        "Hypothesis n_range_1 : 1 <= n. Hypothesis n_whole : whole n. Hypothesis sigma_range_1 : 0 < sigma.",
        "Hypothesis norm_squared_range_1 : forall omega : Omega, 0 <= (norm_squared omega).",
        "(* |w|^2 is sigma^2 |w/sigma|^2 *) Hypothesis fact_1 : forall omega : Omega,",
        "(* its law: X = |w/sigma|^2 is chi-square with n degrees of freedom *) Hypothesis spend_1 : ",
        "(* Markov's inequality for exp[theta X] *) Hypothesis markov_chi_square_at_most : forall x_1 x_2 theta : R, "
        "0 < x_1 -> 0 < ((2 * theta) + 1) -> 0 <= theta -> (chi_square_at_most x_1 x_2) <= ",
        "Theorem lemma_b_1 : Prob (fun omega => ~ ((n * (sigma ^ 2) / 2) <= (norm_squared omega))) "
        "<= (exp (- (n / 16))).",
        "Print Assumptions lemma_b_1.",
    ):
        assert said in text


@pytest.mark.parametrize("name", ["lemma_b_1", "theorem_4_1", "corollary_6_1"])
def test_nothing_is_admitted(name: str) -> None:
    text = translated(bk.catalogue[name]).text
    assert not re.search(r"\b(Admitted|admit|Axiom|Axioms|Parameter|Conjecture|Abort|give_up|Obligation)\b", text)
    lemmas = re.findall(r"^(?:Lemma|Theorem) (\w+)", section(bk.catalogue[name]), re.MULTILINE)
    assert len(lemmas) == len(set(lemmas)) == len(translated(bk.catalogue[name]).about)
    assert section(bk.catalogue[name]).count("\nQed.") == len(lemmas)


def test_a_spend_is_granted_only_under_what_it_needs() -> None:
    text = flat(section(bk.theorem_5_1))
    spent = re.search(r"Hypothesis spend_2 : (.*?) -> Prob ", text)
    assert spent
    for need in ("(whole m)", "(0 <= (m - 1))", "(whole ell)", "(0 < d)", "(d <> 0)", "(0 < (d * (m ^ 2)))"):
        assert need in spent[1]
    assert "Hypothesis spend_1_elsewhere : ~ (1 <= k) -> forall omega," in flat(section(bk.theorem_4_1))
    given = flat(section(bk.lemma_c_3))  # a premise about what is random is one for every outcome, in brackets
    assert "-> (forall omega : Omega, 0 < (norm_u omega)) ->" in given


@pytest.mark.parametrize(
    ("expr", "asks"),
    [
        (1 / x, "x <> 0"),
        (x**-2, "x <> 0"),
        (sqrt(x), "0 <= x"),
        (1 / sqrt(x), "0 < x"),
        (log(x), "0 < x"),
        (x ** Rational(1, 3), "0 <= x"),
        (exp(log(x)), None),
        (x**2, None),
        (exp(x), None),
    ],
)
def test_what_coq_would_give_a_value_is_asked_for(expr: sympy.Expr, asks: str | None) -> None:
    found = [Writer({x: "x"}).condition(c) for c in conditions(Known((REAL,)), expr)]
    assert found == ([asks] if asks else [])


@pytest.mark.parametrize("value", [1 / x, sqrt(x), log(x)])
def test_a_fact_is_only_said_where_it_is_defined(value: sympy.Expr) -> None:
    text = flat(section(stated(v >= value, Step(Eq(v, value), BY_DEFINITION), Step(v >= value))))
    asks = next(iter(conditions(Known((REAL,)), value)))
    asked_for = Writer({x: "x"}).condition(asks)
    assert f"Hypothesis fact_1 : forall omega : Omega, {asked_for} -> (v omega) = " in text
    assert f"Lemma fact_1_needs_1 : {asked_for}." in text


@settings(max_examples=50)
@given(st.text(min_size=1))
def test_a_name_of_any_kind_is_one_word_and_none_of_ours(name: str) -> None:
    found = identifier(name)
    assert re.fullmatch(r"[A-Za-z]\w*", found, re.ASCII)
    assert found not in TAKEN
    assert not re.match(r"step_|fact_|spend_|granted_", found)


@given(st.lists(st.text(min_size=1), min_size=1))
def test_no_two_names_are_one(names: list[str]) -> None:
    names += [f"the_{identifier(name)}" for name in names] + [f"{names[0]}\u03b1", f"{names[0]}\u03b2"]
    assert len(set(identifiers(names))) == len(names)


def law_called(name: str) -> type[Tail]:
    """The lower tail of a chi-square law, by another name."""
    return type(name, (chi_square_at_most,), {})


@pytest.mark.parametrize("name", ["exp", "whole", "Prob", "forall", "x_1", "theta", "f x) <= 0. Axiom a : False. (* "])
def test_a_law_of_any_name_is_no_function_of_coq(name: str) -> None:
    s = bk.lemma_b_1
    law = law_called(name)

    def renamed(thing: object) -> object:
        return thing.replace(chi_square_at_most, law)

    spends = tuple(replace(spend, event=renamed(spend.event)) for spend in s.proof.spends)
    budget = tuple(replace(step, relation=renamed(step.relation)) for step in s.proof.budget)
    text = section(replace(s, proof=replace(s.proof, spends=spends, budget=budget)))
    assert flat(text).count(f"Variable {identifier(name)} : R -> R -> R.") == 1
    assert identifier(name) != name
    assert "Axiom" not in re.findall(r"^\w+", text, re.MULTILINE)


LAWS = [law for law in vars(bk.tails).values() if isinstance(law, type) and issubclass(law, Tail)]
MARKOV = [law for law in LAWS if "cumulant" in {name for c in law.__mro__[:-1] if c is not Tail for name in vars(c)}]


@pytest.mark.parametrize("law", MARKOV, ids=lambda law: law.__name__)
def test_markov_says_no_more_than_is_true(law: type[Tail]) -> None:
    """At whatever numbers meet its conditions, as long as the law has a value there."""
    at, rng, met = LawAtTheta(law), Random(0), 0
    for _ in range(200):
        values = {s: Fraction(rng.randint(-2, 9), rng.choice((1, 1, 2, 5, 10))) for s in at.symbols}
        if met < 4 and all(meets(need, values) for need in at.needs):
            with suppress(LawError):  # of negative thresholds some laws do not speak
                assert holds(at.relation, values) is not False, values
                met += 1
    assert met == 4


def meets(need: Condition, values: dict[sympy.Symbol, Fraction]) -> bool:
    """Whether numbers certainly meet a condition."""
    if need.kind == "whole":
        return need.expr.xreplace({s: Rational(v) for s, v in values.items()}).is_integer
    return holds({"above": sympy.Gt, "at least": sympy.Ge}[need.kind](need.expr, 0, evaluate=False), values) is True


@pytest.mark.parametrize("words", ["*) Hypothesis false : False. (*", '"', '(* (* "', "(*)", "*)*)"])
def test_words_cannot_end_their_comment(words: str) -> None:
    s = bk.lemma_b_2
    text = section(replace(s, hypotheses=(*s.hypotheses, assumed(f"as {words}"))))
    said = re.findall(r"^(?:Hypothesis|Lemma) \w+", text, re.MULTILINE)
    assert said == re.findall(r"^(?:Hypothesis|Lemma) \w+", section(s), re.MULTILINE)
    assert text.count("(*") == text.count("*)") == section(s).count("(*") + 1
    assert '"' not in text


def test_what_is_random_is_no_number() -> None:
    s = bk.lemma_b_1
    random = s.quantities[0].symbol
    spent = replace(s.proof.spends[0], count=random)
    with pytest.raises(StatementError, match="not a number here: it is random"):
        translated(replace(s, proof=replace(s.proof, spends=(spent,))))


def test_a_rule_without_a_script_is_named() -> None:
    with pytest.raises(StatementError, match="falls to a limit"):
        translated(bk.papers.classics.normal_half)
    with pytest.raises(StatementError, match="carries no proof"):
        translated(bk.theorem_a_2)


@needs_coq
def test_what_coq_said_is_kept_for_every_statement_and_is_of_it_as_it_is() -> None:
    for name, s in PROVED.items():
        told = stored(s)
        assert (told is None) == (name in NOT_ACCEPTED), name
        assert told is None or (not told.stale and not told.refused), f"{name}: run certificate {name} --verify coq"


def changes(s: Statement) -> Iterator[Statement]:
    """A statement with one part of it changed."""
    yield replace(s, failure=s.failure * 2)
    yield replace(s, claims=tuple(type(c)(c.lhs, 2 * c.rhs) for c in s.claims))
    yield replace(s, parameters=(replace(s.parameters[0], low=sympy.Integer(2)), *s.parameters[1:]))
    yield replace(s, hypotheses=())
    yield replace(s, proof=replace(s.proof, steps=s.proof.steps[1:]))
    spent = replace(s.proof.spends[0], because="another reason")
    yield replace(s, proof=replace(s.proof, spends=(spent, *s.proof.spends[1:])))


def test_a_changed_statement_is_no_longer_accepted() -> None:
    for changed in changes(bk.lemma_b_1):
        told = stored(changed)
        assert told is not None
        assert told.stale
        assert "before the statement changed" in str(told)


def test_the_digest_is_of_all_that_coq_was_told_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    before = digest(bk.lemma_b_1, "8.16.1", 12)
    assert before == digest(replace(bk.lemma_b_1, doc="in other words"), "8.16.1", 12)
    assert before != digest(bk.lemma_b_1, "8.17.0", 12)
    assert before != digest(bk.lemma_b_1, "8.16.1", 11)
    with monkeypatch.context() as patched:  # a law of the same name that says something else of itself
        patched.setattr(chi_square_at_most, "cumulant", lambda *_: (sympy.S.Zero, sympy.true))
        assert before != digest(bk.lemma_b_1, "8.16.1", 12)
    monkeypatch.setattr(stating, "PRELUDE", stating.PRELUDE.replace("exists z : Z", "exists z : R"))
    assert before != digest(bk.lemma_b_1, "8.16.1", 12)


@pytest.mark.parametrize(
    "found",
    ["accepted", [], 1, {}, {"coq": "8.16.1"}, {"coq": 8, "lemmas": 12, "digest": "0"},
     {"coq": "8.16.1", "lemmas": "12", "digest": "0"}, {"coq": "8.16.1", "lemmas": True, "digest": "0"},
     {"coq": "8.16.1", "lemmas": 12, "digest": "0", "stale": False}],
    ids=str,
)  # fmt: skip
def test_what_was_never_kept_is_not_read(found: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accepting, "_kept", lambda _: {"lemma_b_1": found})
    assert stored(bk.lemma_b_1) is None


@pytest.mark.parametrize("edit", [{"lemmas": 13}, {"coq": "9.0"}, {"digest": "0" * 16}], ids=str)
def test_what_was_edited_by_hand_is_stale(edit: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {"coq": "8.16.1", "lemmas": 12, "digest": digest(bk.lemma_b_1, "8.16.1", 12)}
    monkeypatch.setattr(accepting, "_kept", lambda _: {"lemma_b_1": kept})
    told = stored(bk.lemma_b_1)
    assert told is not None
    assert not told.stale
    monkeypatch.setattr(accepting, "_kept", lambda _: {"lemma_b_1": kept | edit})
    told = stored(bk.lemma_b_1)
    assert told is not None
    assert told.stale


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (subprocess.TimeoutExpired("coqc", 300), 2, "Coq did not finish lemma_b_2 in 300 s"),
        (PermissionError(13, "Permission denied"), 2, "coqc does not run (Permission denied); get it by apt-get"),
        (KeyboardInterrupt(), 130, ""),
    ],
    ids=["timeout", "no permission", "stopped"],
)
def test_coq_that_does_not_answer_leaves_a_line_and_nothing_else(
    error: BaseException, code: int, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(accepting.shutil, "which", lambda _: "coqc")
    monkeypatch.setattr(accepting, "_run", run)
    monkeypatch.setattr(accepting, "keep", lambda *_: pytest.fail("it was kept"))
    found = CliRunner().invoke(main, ["certificate", "lemma_b_2", "--verify", "coq"])
    assert found.exit_code == code, found.output
    assert line in found.output
    assert "Traceback" not in found.output


def test_where_coq_is_missing_a_line_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accepting.shutil, "which", lambda _: None)
    found = CliRunner().invoke(main, ["certificate", "lemma_b_2", "--verify", "coq"])
    assert found.exit_code == 2
    assert "coqc is not installed; get it by apt-get install coq libcoq-interval libcoq-coquelicot" in found.output
    assert "Traceback" not in found.output


def answering(monkeypatch: pytest.MonkeyPatch, code: int, out: str = "", error: str = "") -> None:
    """Let a Coq of ours give this answer."""
    monkeypatch.setattr(accepting.shutil, "which", lambda _: "coqc")
    answer = SimpleNamespace(returncode=code, stdout=out, stderr=error)
    version = SimpleNamespace(returncode=0, stdout="8.16.1 4.13.1\n", stderr="")
    monkeypatch.setattr(accepting, "_run", lambda *command, **_: version if "-print-version" in command else answer)


def test_a_lemma_that_coq_refuses_is_named_with_its_goal(monkeypatch: pytest.MonkeyPatch) -> None:
    text = translated(bk.lemma_b_2).text.splitlines()
    line = next(i for i, row in enumerate(text, 1) if row.startswith("Lemma adds_up")) + 2
    answering(
        monkeypatch, 1, error=f'File "./lemma_b_2.v", line {line}, characters 2-9:\nError: No applicable tactic.\n'
    )
    told = asked(bk.lemma_b_2)
    assert told.refused == "adds_up"
    assert told.goal == "1 * (exp (- (m * n / 16))) <= (exp (- (m * n / 16)))" or "<=" in told.goal
    assert str(told).startswith("not accepted by Coq 8.16.1: adds_up, ")
    assert told.why == "No applicable tactic."


@pytest.mark.parametrize(
    ("axiom", "fine"),
    [
        ("ClassicalDedekindReals.sig_not_dec", True),
        ("FunctionalExtensionality.functional_extensionality_dep", True),
        ("PrimFloat.sub", True),
        ("Uint63.eqb_correct", True),
        ("lemma_b_2.step_1", False),
        ("proof_irrelevance", False),
        ("ClassicalDedekindReals.anything", False),
    ],
)
def test_no_axiom_is_added(axiom: str, fine: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, 0, out=f"lemma_b_2\n     : forall n : R, True\nAxioms:\n{axiom} : forall P, P\n  \n")
    assert (asked(bk.lemma_b_2).refused == "") is fine


def test_coq_that_does_not_say_what_a_theorem_rests_on_has_not_accepted_it(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, 0, out="lemma_b_2\n     : forall n : R, True\n")
    assert "did not say what it rests on" in str(asked(bk.lemma_b_2))
    answering(monkeypatch, 0, out="Closed under the global context\n")
    assert not asked(bk.lemma_b_2).refused


def test_a_library_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, 1, error="Error: Cannot find a physical path bound to logical path Interval.")
    with pytest.raises(CoqMissing, match="no library Interval or Coquelicot"):
        asked(bk.lemma_b_2)


def test_a_proof_that_is_not_shown_is_not_given_to_coq(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accepting, "asked", lambda _: pytest.fail("it was asked"))
    s = replace(bk.lemma_b_1, failure=bk.lemma_b_1.failure / 2)
    with pytest.raises(StatementError, match="not given to Coq, since 1 steps"):
        verified(s.certificate())


def test_the_certificate_says_what_coq_said() -> None:
    told = bk.lemma_b_1.certificate()
    assert isinstance(told.accepted, Acceptance)
    line = f"by boundkit; accepted by Coq {told.accepted.coq} ({told.accepted.lemmas} lemmas)"
    assert line in str(told)
    assert "accepted by Coq" in told.latex()
    assert str(told.to_dict()["coq"]) == str(told.accepted)
    assert told.accepted.lemmas == len(translated(bk.lemma_b_1).about)


def test_the_command_prints_the_file() -> None:
    found = CliRunner().invoke(main, ["certificate", "lemma_b_1", "--format", "coq"])
    assert found.exit_code == 0
    assert found.output.rstrip("\n") == translated(bk.lemma_b_1).text.rstrip("\n")


@needs_coq
def test_coq_accepts_a_lemma() -> None:
    told = asked(bk.lemma_c_3)
    assert (told.refused, told.lemmas) == ("", len(translated(bk.lemma_c_3).about))


@needs_coq
@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(PROVED))
def test_coq_accepts_every_statement_but_those_listed(name: str) -> None:
    try:
        refused = asked(PROVED[name]).refused
    except StatementError as error:
        refused = str(error)
    assert bool(refused) == (name in NOT_ACCEPTED), refused


@needs_coq
@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(FALSE))
def test_no_false_proof_is_accepted_by_both(name: str) -> None:
    try:
        s = FALSE[name][0]()
        told = verified(s.certificate())
    except BoundkitError:
        return
    assert told.refused


@needs_coq
@pytest.mark.slow
@pytest.mark.parametrize(
    "names", [("exp", "forall", "ln"), ("mod", "wrong", "Prob_is"), ("n_range_1", "whole", "Rle_trans")], ids=str
)
def test_coq_takes_a_statement_whose_names_are_its_own(names: tuple[str, str, str]) -> None:
    """v is y e^x, so it is at least 0, whatever they are called."""
    a, b, c = map(sympy.Symbol, names)
    s = Statement(
        name="wrong", place="A statement", quantities=(bk.reals(c, "what is defined"),), claims=(c >= 0,), failure=0,
        parameters=(bk.reals(a, "any number"), bk.reals(b, "a positive number", 0)),
        proof=Proof(steps=(Step(Eq(c, b * exp(a)), BY_DEFINITION), Step(c >= 0))),
    )  # fmt: skip
    assert asked(s).refused == ""


def smaller(s: Statement) -> Statement:
    """With 1% off the failure probability."""
    return replace(s, failure=s.failure * Rational(99, 100))


def nearer(s: Statement) -> Statement:
    """With 1% more in every claim, the wrong way, and in the steps that show it."""
    more = {
        c: type(c)(c.lhs, c.rhs * Rational(*((99, 100) if c.rel_op in ("<", "<=") else (101, 100)))) for c in s.claims
    }
    steps = tuple(replace(step, relation=more.get(step.relation, step.relation)) for step in s.proof.steps)
    return replace(s, claims=tuple(more.values()), proof=replace(s.proof, steps=steps))


def without_relations(s: Statement) -> Statement:
    """Without the hypotheses that numbers decide."""
    return replace(s, hypotheses=tuple(h for h in s.hypotheses if h.relation is None))


@needs_coq
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        *((name, smaller) for name in ("lemma_b_2", "lemma_c_2", "lemma_c_3", "lemma_d_1", "theorem_6_1")),
        *((name, nearer) for name in ("lemma_b_1", "lemma_c_1", "lemma_c_2", "lemma_c_3", "theorem_6_1")),
        *((name, without_relations) for name in ("theorem_5_1", "corollary_5_1", "corollary_6_2")),
    ],
)
def test_coq_refuses_what_is_spoilt(name: str, spoil: Callable[[Statement], Statement]) -> None:
    try:
        told = asked(spoil(bk.catalogue[name]))
    except StatementError:
        return  # no step shows the claim
    assert told.refused


@needs_coq
@pytest.mark.slow
@pytest.mark.parametrize(
    "step",
    [
        Step(x >= 0, NonnegativeSum()),
        Step(x**2 >= x, NonnegativeSum()),
        Step(x <= y, Squares()),
        Step(1 / x <= 1 / y, NonnegativeSum()),
        Step(sqrt(x) >= 0, NonnegativeSum()),
        Step(sqrt(x) * sqrt(x) >= 0, NonnegativeSum()),
        Step(1 / x**2 >= 0, NonnegativeSum()),
        Step(y * log(x**2) <= y * 2 * log(x), NonnegativeSum()),
        Step(y**2 / x >= y**2 / x, NonnegativeSum()),
    ],
    ids=str,
)
def test_coq_refuses_what_is_false_or_not_defined(step: Step) -> None:
    s = stated(v >= 0, step, Step(Eq(v, y), BY_DEFINITION), Step(v >= 0))
    try:
        assert asked(s).refused
    except StatementError as error:
        pytest.fail(f"it was not even translated: {error}")


def test_what_is_not_accepted_is_listed_with_its_reason() -> None:
    page = (ROOT / "docs/certificate.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.*?`) \| .+ \|$", page.partition("| statements | the step |")[2], re.MULTILINE)
    assert sorted(re.findall(r"`(\w+)`", " ".join(rows))) == sorted(name.partition(".")[2] for name in NOT_ACCEPTED)


def test_the_statements_are_those_of_the_catalogue() -> None:
    assert {s.qualified_name for s in STATEMENTS.values() if s.proof} <= PROVED.keys()
    assert NOT_ACCEPTED <= PROVED.keys()
