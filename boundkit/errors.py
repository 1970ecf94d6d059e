"""Every error says what was given, what is allowed, and what to do."""

from collections.abc import Iterable
from typing import Any


class BoundkitError(ValueError):
    """The base of them all."""


class ParameterError(BoundkitError):
    """A value that makes no sense for its parameter, whatever a statement assumes."""


class HypothesisError(BoundkitError):
    """The values make sense, and the statement does not cover them."""


class NoStepError(HypothesisError):
    """No step of a network's label was found; `within` is the length up to which there is none.

    It is inf where none exists, a finite length where that much is proved, and 0 where nothing is.
    """

    def __init__(self, message: str, within: float = 0.0) -> None:
        super().__init__(message)
        self.within = within


class StatementError(BoundkitError):
    """A statement, or a question to it, that cannot be evaluated as written."""


class LawError(StatementError):
    """A law that a statement's truth asks outside the law's own domain."""


class PrecisionError(BoundkitError):
    """No enclosure narrow enough could be had."""


class UnknownStatement(BoundkitError, KeyError):  # noqa: N818  the public name
    """No statement of that name; a KeyError too, so that a Mapping's `in` and `get` work."""

    __str__ = ValueError.__str__  # KeyError would print the repr of the sentence


class Interrupted(KeyboardInterrupt):
    """Ctrl-C in a long search: `found` is what it had found until then."""

    def __init__(self, found: Any) -> None:
        super().__init__()
        self.found = found


class Signal(BaseException):
    """What goes through the code of users, and is no error of it."""


def is_mistake(error: BaseException) -> bool:
    """Whether what the code of a user raised is an error of that code: all but Ctrl-C, and what is no error at all.

    SystemExit is one: left alone it would end a command with an exit code of the user's.
    """
    return not isinstance(error, KeyboardInterrupt | GeneratorExit | Signal)


def asked_for(names: Iterable[str]) -> str:
    """What an error says of values that it misses.

    >>> asked_for(["m"]), asked_for(["m", "ell"])
    ('needs m; give it', 'needs ell, m; give them')
    """
    missing = sorted(names)
    return f"needs {', '.join(missing)}; give {'them' if len(missing) > 1 else 'it'}"
