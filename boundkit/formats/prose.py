"""Prose that has formulas in it, such as "k >= 1 and N(x0) != 0": which words are mathematics, and their LaTeX."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
import re
from typing import NamedTuple

from boundkit.formats.expressions import escaped_latex
from boundkit.formats.html import Html, formula, joined
from boundkit.formats.letters import NAMES
from boundkit.text import markdown_text

GREEK = (
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
    "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi",
    "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega",
)  # fmt: skip
LETTERS = {name: rf"\{name}" for name in (*GREEK, "ell")} | {"epsilon": r"\varepsilon", "hat": r"\hat"}
LETTERS |= {short: LETTERS[name] for short, name in NAMES.items() if short != "l"}
FUNCTIONS = {name: rf"\{name}" for name in ("log", "exp", "sqrt", "max", "min", "sup", "inf", "sin", "cos", "det")}
FUNCTIONS |= {name: rf"\operatorname{{{name}}}" for name in ("sign", "ceil", "floor", "abs", "var", "Bin")}
BARE = ("log", "sqrt", "exp", "max", "min")  # whose argument may stand without brackets
RELATIONS = {"->": r"\to", "<=": r"\leq", ">=": r"\geq", "!=": r"\neq", "<": "<", ">": ">", "=": "=", "~": r"\sim"}
OPERATORS = {"+-": r"\pm", "-+": r"\mp", "+": "+", "-": "-", "*": r"\cdot", "/": "/", "^": "^", "!": "!", "'": "'"}
SIGNS = {**RELATIONS, "<": r"\langle", ">": r"\rangle"}  # alone, between words
BRACKETS = {"(": ")", "[": "]", "<": ">", "{": "}"}
BRACKET_TEX = {"<": (r"\langle ", r"\rangle "), "{": (r"\{", r"\}")}
INDEXED = {"sum": r"\sum", "chi2": r"\chi^{2}"}  # which are mathematics where they have an index
ARTICLES = ("a", "A", "I")  # which are letters of formulas only beside a sign
LAWS = ("beta", "gamma", "Beta", "Gamma")  # which are names of laws where they stand alone
PROSE = frozenset((
    "a", "all", "also", "an", "and", "any", "are", "as", "at", "be", "but", "by", "does", "each", "every", "fixed",
    "for", "from", "half", "has", "have", "holds", "if", "in", "is", "it", "its", "least", "most", "no", "none", "not",
    "of", "on", "or", "over", "so", "some", "than", "that", "the", "then", "there", "these", "this", "to", "too",
    "under", "was", "where", "which", "with", "without",
))  # fmt: skip

_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<label>'s\b|\b[a-z]\.[a-z]\.|\b[A-Z]\.[0-9][0-9.]*\b|\b[A-Z][0-9]+[a-z]?\b|[0-9.]+%"
    r"|\b\w+(?:/\w+)*\.(?:md|py|txt)\b|[^\W\d_]{2,}(?:-[^\W\d_]{2,})+)"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?(?=[a-zA-Z]?\b|[^\w]|$))"
    r"|(?P<word>[A-Z]-perp\b|[^\W\d_]+\w*)"
    r"|(?P<relation>->|<=|>=|!=|~|=|<(?=\s)|(?<=[\w)])<(?=[\w(|])|(?<=\s)>(?=\s)|>(?=\s*[0-9]))"
    r"|(?P<index>(?<=\|)_[0-9]+)"
    r"|(?P<star>(?<=\w)\*(?!\w))"
    r"|(?P<operator>\+-|-\+|[-+*/^!]|'(?=\())"
    r"|(?P<bracket>[()\[\]{}<>|])"
    r"|(?P<other>.)",
    re.DOTALL,
)
_NAME = re.compile(r"(?P<base>chi2|[A-Za-z]+?)(?:_(?P<index>[^\W_]+)|(?P<digits>[0-9]+))?")


class Part(NamedTuple):
    """A piece of prose: words, or a formula with its LaTeX."""

    text: str
    tex: str = ""


class _Token(NamedTuple):
    kind: str
    text: str


@lru_cache(maxsize=4096)
def parts(text: str) -> tuple[Part, ...]:
    """Cut prose into words and formulas, which together are the text.

    Examples
    --------
    >>> [part.tex or part.text for part in parts("k >= 1, so that sqrt(ell/d) is not 0")]
    ['k \\\\geq 1', ', so that ', '\\\\sqrt{\\\\ell/d}', ' is not 0']
    """
    found: list[Part] = []
    for part in _cut([*_tokens(text)]):
        if found and bool(part.tex) is bool(found[-1].tex):  # two formulas would be $a$$b$, which opens a display
            found[-1] = Part(found[-1].text + part.text, f"{found[-1].tex} {part.tex}".strip())
        else:
            found.append(part)
    return tuple(found)


def prose_latex(text: str) -> str:
    r"""Prose as LaTeX: its formulas between dollars, all else escaped.

    >>> print(prose_latex("|z| <= 2 m/k & 5% of sigma_1^2"))
    $|z| \leq 2 m/k$ \& 5\% of $\sigma_{1}^{2}$
    """
    return "".join(f"${part.tex}$" if part.tex else escaped_latex(part.text) for part in parts(text))


def prose_html(text: str) -> Html:
    """Prose as HTML, its formulas typeset; what is markup already stays as it is.

    >>> prose_html("n & d")
    '<math ...>n</mi>...</math> &amp; <math ...'
    """
    if isinstance(text, Html):
        return text
    return joined(formula(part.tex) if part.tex else part.text for part in parts(text))


def prose_markdown(text: str) -> str:
    """Prose as Markdown with its formulas between dollars.

    >>> print(prose_markdown("at least ell/2"))
    at least $\\ell/2$
    """
    return "".join(f"${part.tex}$" if part.tex else markdown_text(part.text) for part in parts(text))


def _tokens(text: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(text):
        yield _Token(str(found.lastgroup), found[0])


def _cut(tokens: list[_Token]) -> Iterator[Part]:
    """Each longest run of what may stand in a formula, as a formula where it is one."""
    start = 0
    while start < len(tokens):
        end = _run_ends(tokens, start)
        if end == start:
            yield Part(tokens[start].text)
            start += 1
            continue
        yield from _run(tokens[start:end])
        start = end


def _run_ends(tokens: list[_Token], start: int) -> int:
    """Where a run of tokens of formulas ends; commas are of it inside brackets."""
    depth, i = 0, start
    while i < len(tokens):
        token = tokens[i]
        depth += _turns(token)
        if depth < 0:
            break
        if not (_fits(tokens, i) or (depth and token.text in (",", "."))):
            break
        i += 1
    return i


def _fits(tokens: list[_Token], i: int) -> bool:
    """Whether a token may stand in a formula; a longer word only beside a sign."""
    token = tokens[i]
    if token.kind == "number" and _at(tokens, i - 1).kind == "space":  # "|z| 20 of 20" counts something
        previous, follows = _at(tokens, i - 2), _beside(tokens, i, 1)
        ends = _letter(previous.text) or _turns(previous) < 0 or previous.text == "|"
        return not ends or follows.kind in ("operator", "relation")
    if token.kind != "word":
        return token.kind not in ("label", "other")
    before, after = (_beside(tokens, i, step) for step in (-1, 1))
    signs = before.kind in ("relation", "operator"), after.kind in ("relation", "operator")
    if token.text in FUNCTIONS:
        follows = _at(tokens, i + 1)
        return follows.text == "(" or (token.text in BARE and (follows.kind == "space" or follows.text in ("^", "|")))
    if token.text in ARTICLES:
        return any(signs) or before.text in BRACKETS or after.text in (*BRACKETS.values(), ",")
    if _letter(token.text):
        return True
    if "_" in token.text and _at(tokens, i + 1).text == "(":  # chi_(n - 1), or a function of formulas
        return True
    if token.text.lower() in PROSE or not token.text.isalpha():
        return False
    if any(x.kind == "relation" or x.text in ("/", "*", "^") for x in (before, after)):
        return True
    inside = _at(tokens, i - 1).text == "(" and _at(tokens, i - 2).kind in ("operator", "word")
    opens, closes = (_turns(before) > 0 or before.text == "|"), (_turns(after) < 0 or after.text == "|")
    bare = before.text == "(" and after.text == ")"
    return inside or ((signs[0] or opens) and (signs[1] or closes) and not bare)


def _turns(token: _Token) -> int:
    """How many brackets it opens; -1 where it closes one."""
    return (token.text in BRACKETS) - (token.text in BRACKETS.values()) if token.kind == "bracket" else 0


def _at(tokens: list[_Token], i: int) -> _Token:
    return tokens[i] if 0 <= i < len(tokens) else _Token("end", "")


def _beside(tokens: list[_Token], i: int, step: int) -> _Token:
    """The next token to one side, past a space."""
    found = _at(tokens, i + step)
    return _at(tokens, i + 2 * step) if found.kind == "space" else found


def _letter(word: str) -> str:
    """The LaTeX of a name of a formula, x0 or sigma_1; '' for a word."""
    if word.endswith("-perp"):
        return rf"{word[0]}^{{\perp}}"
    found = _NAME.fullmatch(word)
    if found is None:
        return ""
    index = found["index"] or found["digits"]
    base = LETTERS.get(found["base"]) or (found["base"] if len(found["base"]) == 1 else "")
    base = INDEXED.get(found["base"], base) if index else base
    if not base:
        return ""
    if index is None:
        return base
    plain = index if len(index) < 2 or index.isdigit() else rf"\text{{{index}}}"
    return f"{base}_{{{_letter(index) or FUNCTIONS.get(index) or plain}}}"


def _run(tokens: list[_Token]) -> Iterator[Part]:
    """A run with what is prose on either side of it cut off."""
    first, last = 0, len(tokens)
    while first < last and (tokens[first].kind == "space" or tokens[first].text in ("!", "/", "*", "^")):
        first += 1
    while first < last and (tokens[last - 1].kind in ("space", "operator") and tokens[last - 1].text != "!"):
        last -= 1
    yield from (Part(token.text) for token in tokens[:first])
    for end in range(last, first, -1):
        inner = tokens[first:end]
        if _is_formula(inner) and (tex := _formula(inner)):
            yield Part("".join(token.text for token in inner), tex)
            yield from _cut(tokens[end:])
            return
    if first < len(tokens):  # nothing begins here but a sign
        token = tokens[first]
        yield Part(token.text, SIGNS.get(token.text, "") if token.kind in ("relation", "bracket") else "")
        yield from _cut(tokens[first + 1 :])


def _is_formula(tokens: list[_Token]) -> bool:
    """Whether it says something by signs or letters, and not a number alone or an article."""
    words = [token.text for token in tokens if token.kind != "space"]
    if not words or words[0] in (",", ".") or tokens[-1].text in (",", ".") or tokens[-1].kind == "space":
        return False
    if tokens[-1].kind == "relation" or (tokens[-1].kind == "operator" and tokens[-1].text not in "!'"):
        return False
    signs = any(token.kind in ("relation", "operator") for token in tokens)
    letters = any(token.kind == "word" for token in tokens)
    if len(words) == 1:
        return letters and words[0] not in (*ARTICLES, *FUNCTIONS, *LAWS)
    if words[0] in ARTICLES and tokens[1].kind == "space" and not _sign(words[1]):
        return False
    return letters or signs


def _sign(word: str) -> bool:
    return word in RELATIONS or word in OPERATORS or word in BRACKETS.values()


def _formula(tokens: Sequence[_Token]) -> str:
    """The LaTeX of a run; '' where its brackets do not match."""
    found: list[str] = []
    i = 0
    while i < len(tokens):
        tex, i = _next(tokens, i)
        if not tex:
            return ""
        found.append(tex)
    text = "".join(found)
    return "" if text.count("|") % 2 else re.sub(r"\s+", " ", re.sub(r"(?<=[a-z]) (?=[\^/)}\]|,])", "", text)).strip()


def _next(tokens: Sequence[_Token], i: int) -> tuple[str, int]:
    """What begins at a place as LaTeX, and where it ends."""
    token = tokens[i]
    if token.kind == "space":
        return " ", i + 1
    if token.kind == "number":
        mantissa, _, power = token.text.partition("e")
        return (rf"{mantissa} \cdot 10^{{{power}}}" if power else mantissa), i + 1
    if token.kind == "relation":
        return f"{RELATIONS[token.text]} ", i + 1
    if token.kind == "star":
        return "^{*}", i + 1
    if token.kind == "index":
        return f"_{{{token.text[1:]}}}", i + 1
    if token.text == "^":
        return _power(tokens, i + 1)
    if token.kind == "operator":
        return OPERATORS[token.text] + (" " if token.text in ("+-", "*") else ""), i + 1
    if _turns(token) > 0:
        return _bracket(tokens, i)
    if token.kind == "word":
        return _word(tokens, i)
    return ("" if _turns(token) < 0 else token.text), i + 1


def _bracket(tokens: Sequence[_Token], i: int, around: bool = True) -> tuple[str, int]:
    """What stands in a bracket, with it or alone."""
    opening, depth, j = tokens[i].text, 0, i
    closing = BRACKETS[opening]
    while j < len(tokens):
        depth += _turns(tokens[j]) if tokens[j].text in (opening, closing) else 0
        if not depth:
            break
        j += 1
    else:
        return "", i
    inside = _formula(tokens[i + 1 : j])
    if not inside:
        return "", i
    left, right = BRACKET_TEX.get(opening, (opening, closing))
    return (f"{left}{inside}{right}" if around else inside), j + 1


def _power(tokens: Sequence[_Token], i: int) -> tuple[str, int]:
    """What stands after a ^, with the powers that follow, and where it ends."""
    if i >= len(tokens):
        return "", i
    sign = ""
    if tokens[i].text in ("-", "+") and i + 1 < len(tokens):
        sign, i = tokens[i].text, i + 1
    tex, end = _bracket(tokens, i, around=False) if tokens[i].text == "(" else _next(tokens, i)
    while tex and end < len(tokens) and tokens[end].text == "^":
        above, end = _power(tokens, end + 1)
        tex = tex + above if above else ""
    return (f"^{{{sign}{tex.strip()}}}" if tex.strip() else ""), end


def _word(tokens: Sequence[_Token], i: int) -> tuple[str, int]:
    """A letter, a function with what it needs, or a word in a formula."""
    word, after = tokens[i].text, tokens[i + 1].text if i + 1 < len(tokens) else ""
    if word == "sqrt" and after == "(":
        inside, end = _bracket(tokens, i + 1, around=False)
        return (rf"\sqrt{{{inside}}}" if inside else ""), end
    if word in ("sqrt", "hat"):
        start = i + 1 + (after.isspace())
        tex, end = _next(tokens, start) if start < len(tokens) else ("", i)
        return (rf"\{word}{{{tex.strip()}}}" if tex.strip() else ""), end
    if word == "abs" and after == "(":
        inside, end = _bracket(tokens, i + 1, around=False)
        return (f"|{inside}|" if inside else ""), end
    if word.endswith("_") and after == "(" and (base := _letter(f"{word}0").removesuffix("_{0}")):
        inside, end = _bracket(tokens, i + 1, around=False)
        return (f"{base}_{{{inside}}}" if inside else ""), end
    if word == "P" and after == "[":
        return r"\Pr", i + 1
    sides = [tokens[j].kind if 0 <= j < len(tokens) else "" for j in (i - 2, i - 1, i + 1, i + 2)]
    if word == "x" and sides == ["word", "space", "space", "word"]:
        return r"\times ", i + 1
    if word in FUNCTIONS:
        return f"{FUNCTIONS[word]} ", i + 1
    tex = _letter(word)
    if not tex and "_" in word:
        return rf"\operatorname{{{word.replace('_', '-')}}}", i + 1
    return (f"{tex} " if tex.startswith("\\") and tex[1:].isalpha() else tex or rf"\text{{{word}}}"), i + 1
