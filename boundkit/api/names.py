"""What people type for a statement, its name or how print calls it, and what they may have meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches
import re

KINDS = {
    "theorem": ("thm", "th", "theo"), "lemma": ("lem", "lm"), "corollary": ("cor", "coro"), "remark": ("rem", "rmk"),
    "proposition": ("prop",), "claim": (), "definition": ("def",), "fact": (), "example": ("ex",),
}  # fmt: skip
WHOLE = {short: kind for kind, shorts in KINDS.items() for short in (kind, *shorts)}
FEW = 5  # names that an error lists; of more it says where they are listed


def words_of(text: str) -> tuple[str, ...]:
    """The words and numbers of a name, however it is written.

    >>> words_of("Theorem 5.1"), words_of("thm5.1"), words_of("lemma-B-1"), words_of("lemma_b_1")
    (('theorem', '5', '1'), ('theorem', '5', '1'), ('lemma', 'b', '1'), ('lemma', 'b', '1'))
    """
    parts = re.findall(r"[^\W\d_]+|\d+", text.lower())
    return tuple(WHOLE.get(part, part) for part in parts)


def is_spoken(text: str) -> bool:
    """Whether a text is how people call a numbered statement, rather than a name of the catalogue's own."""
    words = words_of(text)
    return len(words) > 1 and words[0] in KINDS and any(word.isdigit() for word in words)


def meant(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names that a text may mean: the same words; of a number alone the theorem, else all that have it.

    >>> meant("Thm. 5.1", ["theorem_5_1"]), meant("5.1", ["corollary_5_1", "theorem_5_1"]), meant("5", ["theorem_5_1"])
    (('theorem_5_1',), ('theorem_5_1',), ())
    """
    wanted = words_of(text)
    if not wanted:
        return ()
    known = {name: words_of(name) for name in names}
    if same := tuple(name for name, words in known.items() if words == wanted):
        return same
    numbered = tuple(name for name, words in known.items() if words[:1] and words[0] in KINDS and words[1:] == wanted)
    return tuple(name for name in numbered if known[name][0] == "theorem") or numbered


def near(text: str, names: Collection[str]) -> list[str]:
    """At most three names that are much like a text, those that hold it as a part first.

    >>> near("theorem 5.2", ["theorem_5_1", "lemma_b_1"]), near("hoefding", ["hoeffding", "wilks"])
    (['theorem_5_1'], ['hoeffding'])
    """
    plain = "_".join(words_of(text))[:100]
    by_words = {"_".join(words_of(name)): name for name in names}
    holding = [key for key in by_words if len(plain) > 2 and plain in key]
    close = get_close_matches(plain, by_words, n=3)
    return [by_words[key] for key in dict.fromkeys((*close, *holding))][:3]


def hint(text: str, names: Collection[str], otherwise: str, listed: str) -> str:
    """What an error says of names: those that are near, else the few that there are, else where they are listed."""
    if found := near(text, names):
        return f"did you mean {' or '.join(found)}?"
    return f"{otherwise} {', '.join(names)}" if len(names) <= FEW else f"{listed} lists what there is"
