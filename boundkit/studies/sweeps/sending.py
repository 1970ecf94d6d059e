"""How what a sweep is over gets to other processes: code of the user's own goes with it, as it is in this one.

A worker that lives on knows a file as it was when it first imported it, and one on another machine may not have it. So
functions, classes and modules of a script, a notebook or an imported file are sent by value. Two things are imported
where the worker is: files that boundkit itself runs, which are compared with what was read here, and modules that
cannot be sent, for which new workers start.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
import io
import pickle
import sys
from types import ModuleType
from typing import Any

import cloudpickle
from joblib.externals.loky import get_reusable_executor

from boundkit.api.neighbours import PREFIX, forget_other, read_files
from boundkit.errors import BoundkitError, ParameterError, is_mistake
from boundkit.studies.sweeps.installed import is_installed
from boundkit.studies.sweeps.tasks import Subject
from boundkit.text import one_line

_Cached = type(lru_cache(int))


class Parcel:
    """A subject as it is for this process, and for others as bytes, which are made once."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject

    def open(self) -> Subject:
        """The subject itself."""
        return self._subject

    def __reduce__(self) -> tuple[Any, ...]:
        return _Arrived, (self._name, self.packed, read_files())

    @property
    def _name(self) -> str:
        return self._subject.label.partition("#")[0]

    @cached_property
    def packed(self) -> bytes:
        """The subject as bytes.

        Raises
        ------
        ParameterError
            Where something that it uses exists in this process alone, such as a lock or an open file.
        """
        with suppress(Exception):  # whatever a file of the user's holds, and the function perhaps not even uses
            return _packed(self._subject, by_value=True)
        try:
            packed = _packed(self._subject, by_value=False)
        except Exception as error:  # noqa: BLE001  pickling calls whatever the objects define
            raise ParameterError(
                f"{self._name} cannot be sent to other processes: {one_line(error)}; use workers=1, or make what "
                "cannot be sent inside the function that uses it"
            ) from None
        get_reusable_executor().shutdown()  # new workers import the files as they are now
        return packed


@dataclass(frozen=True)
class _Arrived:
    """A parcel in another process."""

    name: str
    packed: bytes
    read: dict[str, str]

    def open(self) -> Subject:
        """The subject, made anew.

        Raises
        ------
        BoundkitError
            Where this process has not what it needs.
        """
        forget_other(self.read)
        try:
            subject: Subject = pickle.loads(self.packed)  # noqa: S301  written by the process that started this one
        except BaseException as error:
            if not is_mistake(error):
                raise
            raise BoundkitError(
                f"a worker cannot make {self.name} of what it was sent ({type(error).__name__}: {one_line(error)}); "
                "have the same files and packages there, or use workers=1"
            ) from None
        if other := forget_other(self.read):
            raise BoundkitError(f"{other} was edited since this process read it; load it again, and sweep again")
        return subject


def _packed(subject: Subject, by_value: bool) -> bytes:
    """The subject pickled, the user's own code with it where it goes by value."""
    file = io.BytesIO()
    pickler = _Pickler(file, by_value)
    try:
        pickler.dump(subject)
    finally:
        for module in pickler.registered:
            cloudpickle.unregister_pickle_by_value(module)
    return file.getvalue()


def _cached_reduced(function: Any) -> Any:
    module = sys.modules.get(function.__module__)
    if module is not None and (is_installed(module) or module.__name__.startswith(PREFIX)):
        return function.__qualname__  # where the worker finds it
    return _cached_again, (function.__wrapped__, *function.cache_parameters().values())


def _cached_again(function: Callable[..., Any], maxsize: int | None, typed: bool) -> Any:
    return lru_cache(maxsize, typed)(function)


class _Pickler(cloudpickle.Pickler):
    """Joblib's pickler, which also sends files of the user's, and what `functools.cache` made in a notebook."""

    dispatch_table = ChainMap({_Cached: _cached_reduced}, cloudpickle.Pickler.dispatch_table)

    def __init__(self, file: io.BytesIO, by_value: bool) -> None:
        super().__init__(file)
        self.registered: list[ModuleType] = []
        self._by_value, self._seen = by_value, {"__main__"}  # which cloudpickle sends anyway

    def reducer_override(self, value: Any) -> Any:
        name = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
        if self._by_value and isinstance(name, str) and name not in self._seen:
            self._seen.add(name)
            module = sys.modules.get(name)
            # A file that boundkit runs imports its neighbours, perhaps as its functions run: only it can.
            if module is not None and not name.startswith(PREFIX) and not is_installed(module):
                cloudpickle.register_pickle_by_value(module)
                self.registered.append(module)
        return super().reducer_override(value)
