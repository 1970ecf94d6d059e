"""How people write a parameter's letter: as Greek, as LaTeX, or by its name."""

from __future__ import annotations

import re
import unicodedata

NAMES = {"lam": "lambda", "eps": "epsilon", "l": "ell"}  # Python reads the identifier \N{SCRIPT SMALL L} as l
_CHARACTERS = {"\N{SCRIPT SMALL L}": "ell", "\N{MICRO SIGN}": "mu", "\N{GREEK LUNATE EPSILON SYMBOL}": "epsilon"}


def spelled(letters: str) -> str:
    r"""The one spelling of a parameter's name, its LaTeX or its Greek letters.

    >>> spelled("λ"), spelled(r"\lambda"), spelled("lam"), spelled(r"c_\ell"), spelled("σ₁")
    ('lambda', 'lambda', 'lambda', 'c_ell', 'sigma_1')
    """
    plain = re.sub(r"[\\{}$\s]", "", "".join(map(_character, letters)))
    words = [re.sub(r"^var(?=epsilon|theta|rho|phi|sigma)", "", word) for word in plain.split("_")]
    return "_".join(NAMES.get(word, word) for word in words)


def _character(x: str) -> str:
    """One character as letters: a Greek one by its name, a subscript after an underscore."""
    name = unicodedata.name(x, "")
    if x in _CHARACTERS:
        return _CHARACTERS[x]
    if name.startswith("SUBSCRIPT ") and x.isdigit():
        return f"_{unicodedata.digit(x)}"
    if greek := re.fullmatch(r"GREEK (SMALL|CAPITAL) LETTER (\w+)|GREEK (\w+) SYMBOL", name):
        word = (greek[2] or greek[3]).lower().replace("lamda", "lambda")
        return word.capitalize() if greek[1] == "CAPITAL" else word
    return x
