"""Coq asked whether it accepts a translation, and its answer kept beside the paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from importlib.util import find_spec
import json
from pathlib import Path
import re
import shutil
import subprocess
from tempfile import TemporaryDirectory
from typing import Any

from boundkit.engine.proof.certificate import CertificateRecord
from boundkit.engine.proof.coq.translation import Translation, stated, translated
from boundkit.errors import BoundkitError, StatementError
from boundkit.model.statement import StatementRecord
from boundkit.shelf import PAPERS

NEEDED = "apt-get install coq libcoq-interval libcoq-coquelicot"
SECONDS = 300
STORED = "coq.json"  # in the folder of a paper
ALLOWED = re.compile(  # the classical reals, and the primitive numbers that `interval` computes with
    r"ClassicalDedekindReals\.(sig_not_dec|sig_forall_dec)|FunctionalExtensionality\.functional_extensionality_dep"
    r"|Classical_Prop\.classic|(Prim)?(Float|Int63|Uint63|Floats?|FloatAxioms|PrimFloat|PrimInt63)(Axioms)?\.\w+"
)


class CoqMissing(BoundkitError):  # noqa: N818  it says what is so
    """Coq, or a library that the files need, is not installed."""


@dataclass(frozen=True)
class Acceptance:
    """What Coq says of a statement's translation.

    Attributes
    ----------
    coq : str
        Its version.
    lemmas : int
        How many lemmas the file has.
    digest : str
        Of what Coq was told and said.
    refused : str
        The lemma that it does not accept; empty where it accepts all.
    goal : str
        What that lemma says.
    why : str
        Coq's last words.
    stale : bool
        Whether the statement has changed since.
    """

    coq: str
    lemmas: int
    digest: str
    refused: str = ""
    goal: str = ""
    why: str = ""
    stale: bool = False

    def __str__(self) -> str:
        if self.stale:
            return f"accepted by Coq {self.coq} before the statement changed; ask it again, with --verify coq"
        if self.refused:
            return f"not accepted by Coq {self.coq}: {self.refused}, {self.goal}; {self.why}"
        return f"accepted by Coq {self.coq} ({self.lemmas} lemmas): the algebra is checked, what is known is assumed"


def asked(statement: StatementRecord) -> Acceptance:
    """Return what Coq says of a statement's translation; it takes seconds.

    Raises
    ------
    StatementError
        Where the statement carries no proof, or one that has no translation.
    CoqMissing
        Where Coq or one of its libraries is not installed.
    """
    translation = translated(statement)
    done, version = _compiled(translation)
    lemmas = len(translation.about)
    told = Acceptance(version, lemmas, digest(statement, version, lemmas))
    if done.returncode == 0:
        axioms = _axioms(done.stdout)
        if axioms is None:
            return replace(told, refused="the file", goal=translation.name, why="Coq did not say what it rests on")
        strange = [name for name in axioms if not ALLOWED.fullmatch(name)]
        why = "no proof may add one"
        return replace(told, refused="its axioms", goal=", ".join(strange), why=why) if strange else told
    lemma = _at(translation, done.stderr)
    why = " ".join(re.sub(r'^File "[^\n]*\n', "", done.stderr.strip()).split()).removeprefix("Error: ")
    return replace(told, refused=lemma, goal=_goal(translation, lemma), why=why)


def verified(certificate: CertificateRecord) -> Acceptance:
    """Ask Coq about a certificate that holds, and keep an acceptance.

    Raises
    ------
    StatementError
        Where a step was not shown: what the translation leaves out, such as what is random, is for the checker.
    """
    if not certificate.holds:
        raise StatementError(
            f"{certificate.statement.title} is not given to Coq, since {len(certificate.missing)} steps of its proof "
            "were not shown; mend these first"
        )
    told = asked(certificate.statement)
    keep(certificate.statement, told)
    return told


def digest(statement: StatementRecord, coq: str, lemmas: int) -> str:
    """A few digits that change with what Coq was told and what it said.

    That is the theorem with all that it assumes, as the file has it, the prelude with it, and the steps of the proof;
    of how Coq is led through a step nothing: a theorem once shown stays so.
    """
    proof = statement.proof
    steps = (proof.let, proof.steps, proof.budget) if proof else ()
    return sha256("\n".join([stated(statement), repr(steps), coq, str(lemmas)]).encode()).hexdigest()[:16]


def stored(statement: StatementRecord) -> Acceptance | None:
    """What Coq said when it was last asked, if it was; stale where the statement has changed since."""
    told = _acceptance(_kept(_folder(statement)).get(statement.name))
    if told is None or statement.superseded:
        return None
    try:
        same = told.digest == digest(statement, told.coq, told.lemmas)
    except StatementError:  # it has no translation any more
        same = False
    return told if same else replace(told, stale=True)


def _acceptance(found: Any) -> Acceptance | None:
    """What `keep` has written; None for anything else."""
    if not isinstance(found, dict) or found.keys() != {"coq", "lemmas", "digest"}:
        return None
    texts = all(isinstance(found[key], str) for key in ("coq", "digest"))
    return Acceptance(**found) if texts and type(found["lemmas"]) is int else None


def keep(statement: StatementRecord, told: Acceptance) -> bool:
    """Keep an acceptance beside the statement's paper; whether that could be done."""
    folder = _folder(statement)
    if folder is None or told.refused or statement.superseded:
        return False
    kept = {**_kept(folder), statement.name: {k: v for k, v in asdict(told).items() if v}}
    try:
        text = json.dumps(dict(sorted(kept.items())), indent=1)
        (folder / STORED).write_text(f"{text}\n", encoding="utf-8")
    except OSError:
        return False
    return True


def _compiled(translation: Translation) -> tuple[subprocess.CompletedProcess[str], str]:
    """The answer of coqc, and its version."""
    coqc = shutil.which("coqc")
    if coqc is None:
        raise CoqMissing(f"coqc is not installed; get it by {NEEDED}")
    with TemporaryDirectory() as folder:
        file = Path(folder, f"{translation.name}.v")
        file.write_text(translation.text, encoding="utf-8")
        try:
            version = _run(coqc, "-print-version").stdout.partition(" ")[0].strip()
            done = _run(coqc, "-q", "-w", "none", file.name, cwd=folder)
        except subprocess.TimeoutExpired:
            raise BoundkitError(
                f"Coq did not finish {translation.name} in {SECONDS} s; write its proof in smaller steps"
            ) from None
        except OSError as error:
            raise CoqMissing(f"{coqc} does not run ({error.strerror}); get it by {NEEDED}") from None
    if "Cannot find a physical path" in done.stderr or "Unable to locate library" in done.stderr:
        raise CoqMissing(f"Coq has no library Interval or Coquelicot; get them by {NEEDED}")
    return done, version


def _run(*command: str, cwd: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command that holds no word of a user."""
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=SECONDS, check=False)  # noqa: S603  no shell, no text


def _axioms(printed: str) -> list[str] | None:
    """What the last theorem rests on, as `Print Assumptions` has it; None where it was not printed."""
    if "Closed under the global context" in printed:
        return []
    if "Axioms:" not in printed:
        return None
    return re.findall(r"^([\w.']+)\s*:", printed.partition("Axioms:")[2], re.MULTILINE)


def _at(translation: Translation, error: str) -> str:
    """The lemma in which an error lies."""
    place = re.search(r"line (\d+)", error)
    above = translation.text.splitlines()[: int(place[1]) if place else 0]
    named = (re.match(r"(?:Lemma|Theorem|Hypothesis|Variable) (\S+)", line) for line in reversed(above))
    return next((found[1] for found in named if found), "the file")


def _goal(translation: Translation, lemma: str) -> str:
    """What a lemma says."""
    found = re.search(rf"^\w+ {re.escape(lemma)} : (.*?)\.\n(?:Proof|\w+ )", translation.text, re.MULTILINE | re.DOTALL)
    return " ".join(found[1].split()) if found else "which cannot be read"


def _folder(statement: StatementRecord) -> Path | None:
    """Where the paper of a statement is; None where it stands in none, or in one that is no file."""
    known = PAPERS.get(statement.paper)
    spec = find_spec(known[0]) if known else None
    return Path(spec.origin).parent if spec and spec.origin and Path(spec.origin).exists() else None


def _kept(folder: Path | None) -> Mapping[str, Any]:
    """Everything kept in a folder; nothing where that cannot be read."""
    if folder is None:
        return {}
    try:
        found = json.loads((folder / STORED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
