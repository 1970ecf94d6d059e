"""Edits of a file, and whether a function in it is another one then: it is, unless nothing that it uses has changed."""

import json
from pathlib import Path
import subprocess
import sys
import textwrap

import pytest

import boundkit as bk
from boundkit.api.neighbours import PREFIX, module_of
from boundkit.errors import ParameterError
from boundkit.studies.sweeps.identity import fingerprint

USES = "\ndef f(n):\n    return {{'y': {}}}\n"


def edit(head: str, before: str, after: str, uses: str) -> tuple[str, str]:
    """A file as it was and as it is: its head with one place edited, and the function that uses it."""
    text = textwrap.dedent(head) + USES.format(uses)
    assert "§" in text
    return text.replace("§", before), text.replace("§", after)


BODY = ("return 1", "return 2")
METHOD = "    def s(self): §\n"
# What is edited: a file with one place, and how a function uses it.
CHANGES = {
    "class of a dataclass": edit(
        f"from dataclasses import dataclass\n@dataclass\nclass K:\n    a: int\n{METHOD}C = K(3)", *BODY, "C.s()"),
    "class of an Enum": edit(f"from enum import Enum\nclass K(Enum):\n    A = 1\n{METHOD}C = K.A", *BODY, "C.s()"),
    "class of an IntEnum": edit(
        f"from enum import IntEnum\nclass K(IntEnum):\n    A = 1\n{METHOD}C = K.A", *BODY, "C.s()"),
    "class of a NamedTuple": edit(
        f"from typing import NamedTuple\nclass K(NamedTuple):\n    a: int\n{METHOD}C = K(3)", *BODY, "C.s()"),
    "class of a plain instance": edit(f"class K:\n{METHOD}C = K()", *BODY, "C.s()"),
    "class of an int": edit(f"class K(int):\n{METHOD}C = K(3)", *BODY, "C.s()"),
    "class of a dict": edit(f"class K(dict):\n{METHOD}C = K(a=1)", *BODY, "C.s()"),
    "class of an array": edit(
        f"import numpy as np\nclass K(np.ndarray):\n{METHOD}C = np.zeros(3).view(K)", *BODY, "C.s()"),
    "class of an instance in a list": edit(f"class K:\n{METHOD}C = [[K()]]", *BODY, "C[0][0].s()"),
    "base of an instance's class": edit(f"class B:\n{METHOD}class K(B): pass\nC = K()", *BODY, "C.s()"),
    "attribute of an instance": edit("class K: pass\nC = K()\nC.a = §", "1", "2", "C.a"),
    "slot of an instance": edit("class K: __slots__ = ('a',)\nC = K()\nC.a = §", "1", "2", "C.a"),
    "attribute beside the fields": edit(
        "import dataclasses\nclass K: a: int\nC = dataclasses.dataclass(K)(1)\nC.b = §", "1", "2", "C.b"),
    "value of a dict of the user's": edit("class K(dict): pass\nC = K(a=§)", "1", "2", "C['a']"),
    "factory of a defaultdict": edit(
        "from collections import defaultdict\nC = defaultdict(lambda: §)", "1", "2", "C['a']"),
    "name of an Enum member": edit("from enum import Enum\nclass K(Enum):\n    § = 1", "A", "B", "str(K(1))"),
    "order of a dict": edit("W = {§}", "'a': 1, 'b': 2", "'b': 2, 'a': 1", "list(W)[0]"),
    "order of an OrderedDict": edit(
        "from collections import OrderedDict\nW = OrderedDict(§)", "a=1, b=2", "b=2, a=1", "list(W)[0]"),
    "order in a class": edit("class K:\n    §", "a = 1; b = 2", "b = 2; a = 1", "[k for k in vars(K)][1]"),
    "order of Enum members": edit(
        "from enum import Enum\nclass K(Enum):\n    §", "A = 1; B = 2", "B = 2; A = 1", "str(list(K)[0])"),
    "set in a class": edit("class K: a = {1, §}", "2", "3", "sum(K.a)"),
    "array in a class": edit("import numpy as np\nclass K: a = np.array([1, §])", "2", "3", "int(K.a[1])"),
    "instance in a class": edit("class B:\n    v = §\nclass K: a = B()", "1", "2", "K.a.v"),
    "descriptor in a class": edit(
        "class D:\n    def __get__(self, one, kind): §\nclass K: a = D()", *BODY, "K.a"),
    "cached_property": edit(
        "from functools import cached_property\nclass K:\n    @cached_property\n    def s(self): §", *BODY, "K().s"),
    "deleter of a property": edit(
        "def gone(self): §\nclass K:\n    s = property(None, None, gone)", *BODY, "delattr(K(), 's') or 1"),
    "classmethod": edit("class K:\n    s = classmethod(lambda kind: §)", "1", "2", "K.s()"),
    "dunder method": edit("class K:\n    def __len__(self): §", *BODY, "len(K())"),
    "dunder value": edit("class K:\n    __version__ = §", "1", "2", "K.__version__"),
    "fraction in a class": edit("from fractions import Fraction\nclass K: a = Fraction(1, §)", "2", "3", "float(K.a)"),
    "inner class": edit("class K:\n    class B:\n        v = §", "1", "2", "K.B.v"),
    "metaclass": edit(f"class M(type):\n{METHOD}class K(metaclass=M): pass", *BODY, "K.s()"),
    "attribute of a function": edit("def g(): pass\ng.k = §", "1", "2", "g.k"),
    "what a wrapper holds": edit(
        "from functools import wraps\ndef deco(h):\n    def g(): return h()\n    return g\n"
        "def h(): §\ng = deco(h)", *BODY, "g()"),
    "what an installed wrapper holds": edit(
        "from contextlib import contextmanager\ndef h():\n    yield §\ng = contextmanager(h)", "1", "2",
        "g().__enter__()"),
    "lru_cache": edit("from functools import lru_cache\ng = lru_cache(lambda: §)", "1", "2", "g()"),
    "partial": edit("from functools import partial\ng = partial(max, §)", "1", "2", "g(0)"),
    "bound method of a list": edit("L = [1, §]\ng = L.count", "1", "2", "g(1)"),
    "bound method of the user's": edit(
        "class K:\n    v = §\n    def s(self): return self.v\ng = K().s", "1", "2", "g()"),
    "itemgetter": edit("from operator import itemgetter\ng = itemgetter(§)", "0", "1", "g([1, 2])"),
    "vectorized": edit("import numpy as np\ng = np.vectorize(lambda x: x + §)", "1", "2", "int(g(1))"),
    "pattern": edit("import re\nP = re.compile('a§')", "b", "c", "bool(P.match('ab'))"),
    "memory order of an array": edit(
        "import numpy as np\nA = np.zeros((2, 3), order='§')", "C", "F", "A.strides[0]"),
    "dtype of an array": edit("import numpy as np\nA = np.zeros(3, '§')", "<f8", ">f8", "str(A.dtype)"),
    "objects in an array": edit("import numpy as np\nA = np.array([1, '§'], object)", "b", "c", "A[1]"),
    "mask of an array": edit(
        "import numpy as np\nA = np.ma.array([1, 2], mask=[0, §])", "0", "1", "int(A.sum())"),
    "two closures swapped": edit(
        "def mk(c):\n    def g(): return c\n    return g\nA = mk(1)\nB = mk(2)\nL = [A, B, §]", "A", "B", "L[2]()"),
    "two instances swapped": edit(
        "class K: pass\nA = K()\nB = K()\nA.v, B.v = 1, 2\nL = [A, B, §]", "A", "B", "L[2].v"),
    "stars of a signature": edit("def g(§a): return type(a).__name__", "*", "**", "g()"),
    "range of a try": edit("def g():\n    try:\n        §",
                           "h()\n        pass\n    except NameError:\n        return 1",
                           "pass\n    except NameError:\n        return 1\n    h()", "g()"),
    "assumptions of a symbol": edit("import sympy\nm = sympy.Symbol('n', §)", "positive=True", "real=True",
                                    "str(sympy.sqrt(m**2))"),
    "digits of a Float": edit("import sympy\nx = sympy.Float('0.12345678901234567§', 30)", "1", "2", "str(x * 10**17)"),
    "type that a class is built from": edit(
        "class B:\n    v = §\nC = list[B]", "1", "2", "C.__args__[0].v"),
}  # fmt: skip
FILES = {
    "constant of a submodule": ("import pkg.sub" + USES.format("pkg.sub.K"), "K = §", "1", "2"),
    "function of a submodule": ("import pkg.sub" + USES.format("pkg.sub.h()"), "def h(): §", *BODY),
    "what that function uses": ("import pkg.sub" + USES.format("pkg.sub.h()"), "K = §\ndef h(): return K", "1", "2"),
    "submodule under another name": ("import pkg.sub as s" + USES.format("s.h()"), "def h(): §", *BODY),
    "module that is handed on": (
        "import pkg.sub\ndef g(m): return m.K" + USES.format("g(pkg.sub)"), "K = §", "1", "2"),
    "module in a list": ("import pkg.sub\nL = [pkg.sub]" + USES.format("[m.K for m in L]"), "K = §", "1", "2"),
    "module by getattr of its own": (
        "import pkg.sub" + USES.format("pkg.sub.K"), "def __getattr__(name): §", *BODY),
}  # fmt: skip
REST = "\nimport numpy as np\nrng = np.random.default_rng()\n"
SAME = {
    "comments": ("K = 1\n# one" + USES.format("K"), "# two\n\n\nK = 1  # three" + USES.format("K")),
    "another function": ("def g(): return 1" + USES.format("n"), "def g(): return 2" + USES.format("n")),
    "a function named as an attribute": ("def real(): return 1" + USES.format("n.real"),
                                         "def real(): return 2" + USES.format("n.real")),
    "a class moved down": ("class K: a = 1" + USES.format("K.a"), "\n\nclass K:\n    a = 1" + USES.format("K.a")),
    "a generator that nothing uses": (USES.format("n"), REST + USES.format("n")),
}  # fmt: skip
KNOWN = """
    np.sum(n) + np.linalg.norm([n]) + np.add(n, 1) + np.random.rand() + np.float64(n) + np.pi + len(np.zeros(3))
    float(norm.cdf(n)) + quad(abs, 0, 1)[0] + float(gammaln(n))
    json.dumps(n) + str(Path("a")) + str(Counter([n])) + datetime.now().isoformat() + str(Decimal(n)) + str(math.inf)
    random() + sin(n) + reduce(max, [n])
    bk.theorem_4_1(d=n).bound + theorem_4_1(d=n).bound + simulate.train + tail(n) + len(catalogue) + bk.laws
    str(LOG) + str(HERE) + str(WHEN) + str(NOTHING) + str(SPACE) + str(F8) + str(POLY) + str(MATRIX) + str(ROWS)
    str(T) + str(Optional[int]) + str(Callable[..., int]) + str(Box[int]()) + str(Row(1)) + str(Base) + str(Flags.A)
    str(sympy.Symbol("x")) + str(X) + str(G) + str(ERR) + str(QUEUE) + str(Oops) + str(REC) + str(Named(1)) + str(Proto)
"""
HEAD = """
from abc import ABC, abstractmethod
from collections import Counter, deque, namedtuple
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Flag, auto
from functools import partial, partialmethod, reduce, total_ordering
import json, logging, math
from math import sin
from pathlib import Path
from random import random
from types import SimpleNamespace
from typing import Any, Callable, ClassVar, Generic, NamedTuple, Optional, Protocol, TypeVar
import numpy as np
import sympy
from scipy.integrate import quad
from scipy.special import gammaln
from scipy.stats import norm
import boundkit as bk
from boundkit import catalogue, simulate, theorem_4_1
from boundkit.tails import chi_square_at_least as tail

LOG, HERE, WHEN, NOTHING = logging.getLogger("x"), Path(__file__).parent, date(2020, 1, 1), object()
SPACE, F8, POLY, MATRIX = SimpleNamespace(a=1), np.dtype("f8"), np.poly1d([1, 2]), sympy.Matrix([[1, 2]])
T, X, G, ERR, QUEUE = TypeVar("T"), sympy.Symbol("x") + 1, sympy.Function("g"), ValueError("no"), deque([1], 3)
ROWS = np.rec.array([(1, 2.0)], dtype=[("a", int), ("b", float)])
Row = namedtuple("Row", "a")

class Box(Generic[T]):
    def put(self, x: T) -> "Box[T]": return self

class Base(ABC):
    @abstractmethod
    def g(self): ...

class Proto(Protocol):
    a: int

class Flags(Flag):
    A = auto()
    B = auto()

class Oops(Exception): pass

class Named(NamedTuple):
    a: int
    b: Any = None

@total_ordering
@dataclass(frozen=True, slots=True, order=True)
class Rec:
    a: int
    b: list = field(default_factory=list)
    kind: ClassVar[Callable[..., Any] | None] = None
    def times(self, by): return by
    twice = partialmethod(times, 2)

REC = Rec(1)
"""
REFUSED = {
    "generator": "import numpy as np\nR = np.random.default_rng(0)",
    "generator in a class": "import numpy as np\nclass R: rng = np.random.default_rng(0)",
    "generator in an instance": "import numpy as np\nclass K: pass\nR = K()\nR.rng = np.random.default_rng(0)",
    "method of a generator": "import numpy as np\nR = np.random.default_rng(0).random",
    "random.Random": "import random\nR = random.Random(0)",
    "iterator": "R = iter([1])",
    "file": "R = open(__file__)\nR.close()",
    "lock": "import threading\nR = threading.Lock()",
    "ufunc of the user's": "import numpy as np\nR = np.frompyfunc(lambda x: x, 1, 1)",
    "structure with objects": "import numpy as np\nR = np.zeros(2, dtype=[('a', object)])",
    "module with a generator, handed on": "import sys\nimport rest\nR = [rest]",
}  # fmt: skip


def digest(file: Path, text: str) -> str:
    """Of the function f, when the file says this."""
    file.write_text(text)
    return fingerprint(vars(module_of(str(file)))["f"])


@pytest.fixture
def folder(tmp_path: Path) -> object:
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith(PREFIX) and tmp_path.name in name]:
        del sys.modules[name]


@pytest.mark.parametrize("case", CHANGES)
def test_an_edit_of_what_a_function_uses_makes_another_of_it(folder: Path, case: str) -> None:
    before, after = CHANGES[case]
    one, other, again = (digest(folder / "my.py", text) for text in (before, after, before))
    assert one != other
    assert one == again


@pytest.mark.parametrize("case", FILES)
def test_an_edit_beside_it_makes_another_of_it_too(folder: Path, case: str) -> None:
    main, beside, *texts = FILES[case]
    (folder / "pkg").mkdir()
    (folder / "pkg" / "__init__.py").touch()
    digits = []
    for text in (*texts, texts[0]):
        (folder / "pkg" / "sub.py").write_text(beside.replace("§", text))
        digits.append(digest(folder / "my.py", main))
    assert digits[0] != digits[1]
    assert digits[0] == digits[2]


@pytest.mark.parametrize("case", SAME)
def test_an_edit_of_anything_else_changes_nothing(folder: Path, case: str) -> None:
    one, other = (digest(folder / "my.py", text) for text in SAME[case])
    assert one == other


def test_what_a_module_holds_beside_what_is_named_does_not_count(folder: Path) -> None:
    digits = set()
    for rest in ("L = 1", "L = 2", REST):
        (folder / "beside.py").write_text(f"K = 1\n{rest}")
        digits.add(digest(folder / "my.py", "import beside" + USES.format("beside.K")))
    assert len(digits) == 1


@pytest.mark.parametrize("uses", KNOWN.split("\n")[1:-1])
def test_what_is_common_is_not_refused(folder: Path, uses: str) -> None:
    text = HEAD + USES.format(uses.strip())
    assert digest(folder / "my.py", text) == digest(folder / "my.py", f"# again\n{text}")


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_told_is_refused_by_name_or_left_to_the_version(folder: Path, case: str) -> None:
    (folder / "rest.py").write_text(REST)
    with pytest.raises(ParameterError, match="(R|rng).* a store cannot tell .* give version="):
        digest(folder / "my.py", REFUSED[case] + USES.format("str(R)"))
    assert fingerprint(vars(module_of(str(folder / "my.py")))["f"], version="1")


ALL = """
import json, sys
from pathlib import Path
from boundkit.api.neighbours import module_of
from boundkit.studies.sweeps.identity import fingerprint
print(json.dumps({p.name: fingerprint(vars(module_of(str(p)))["f"]) for p in sorted(Path(sys.argv[1]).glob("*.py"))}))
"""
LAW = """
import numpy as np
import sympy
from boundkit.tails import Tail
class law(Tail):
    nargs = 1
    is_negative = True
    def ball(self, n): return -n
S = {law, frozenset({1, "a", "b"}), *"abcdef", 2.5}
F = law(sympy.Symbol("n"))
""" + USES.format("str(S) + str(F) + str(law)")


@pytest.mark.slow
def test_the_digits_are_the_same_in_every_process(folder: Path) -> None:
    for i, (before, _) in enumerate(CHANGES.values()):
        (folder / f"case_{i}.py").write_text(before)
    (folder / "law.py").write_text(LAW)
    uses = ", ".join(line.strip() for line in KNOWN.strip().splitlines())
    (folder / "known.py").write_text(HEAD + USES.format(f"[{uses}]"))
    told = []
    for seed in "12":
        done = subprocess.run(
            [sys.executable, "-c", ALL, str(folder)], capture_output=True, text=True, check=False,
            env={"PYTHONPATH": str(Path(bk.__file__).parent.parent), "PYTHONHASHSEED": seed},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        told.append(json.loads(done.stdout))
    assert len(told[0]) == len(CHANGES) + 2
    assert told[0] == told[1]
