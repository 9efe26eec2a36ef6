"""Asking a question by its name: what can be asked, with which arguments, and the answer.

A question is a plain function of `gis.analyses`. Its name is its address, its keyword parameters are its form, its
docstring is its page; notebook, shell and service all come through here.
"""

from __future__ import annotations

import importlib
import inspect
import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import (
    Annotated,
    Any,  # arguments are of any kind
    Literal,
    get_args,
    get_origin,
    get_type_hints,
    overload,
)

from gis.analyses import QUESTIONS
from gis.answering import FileRefusedError, MayBeFile
from gis.db import City
from gis.errors import QuyhoachError, nearest_of
from gis.findings import Finding
from gis.opening import connected

_YES, _NO = ("true", "yes", "1"), ("false", "no", "0")
_SHOWN = 60
_FEW = 6
_PARAMETERS = re.compile(r"^(\w+(?:, \w+)*) : (.+)$")
_UNREADABLE = re.compile("[\0\ud800-\udfff]")
_NO_FILE = re.compile(r"\s*(\{|\[|;|scenario:)|[^\n]*\n")
"""How a text begins that is no path, whatever stands in it: GeoJSON, a section or a comment of EPANET, a scenario; and
what has several lines, which is what a file would hold."""


class UnknownQuestionError(QuyhoachError):
    """There is no question of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no question {name[:_SHOWN]!r}; {nearest_of(name, QUESTIONS)}.")


class ArgumentError(QuyhoachError):
    """An argument that a question does not take, or a value that it cannot have."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One keyword of a question: the kind of its values, the closed list of them if there is one, its default.

    A parameter without a default has to be given, but for one that `may_miss`: without a value it is not known, or is
    found out. One that `is_file` may be the path of a file.
    """

    name: str
    kind: type
    choices: tuple[str, ...]
    default: str | float | bool | None
    meaning: str
    is_file: bool = False
    may_miss: bool = False

    @property
    def is_required(self) -> bool:
        """Whether it has to be given."""
        return self.default is None and not self.may_miss

    def read(self, given: object, *, files: bool = True) -> Any:
        """Return a value as the question takes it; it may be given as text, and GeoJSON as what it is.

        Parameters
        ----------
        files : whether it may be the path of a file; never for who does not sit at this machine.

        Raises
        ------
        ArgumentError, FileRefusedError
            When it cannot be such a value.
        """
        if self.may_miss and given in (None, ""):
            return None
        if self.choices and given not in self.choices:
            few = f"it is one of {', '.join(self.choices)}" if len(self.choices) <= _FEW else None
            hint = few or nearest_of(str(given), self.choices)
            raise ArgumentError(f"{self.name} is {str(given)[:_SHOWN]!r}; {hint}.")
        read = self._read(given)
        if self.is_file and not files and read != self.default and not _NO_FILE.match(read):
            raise FileRefusedError(self.name, read)
        return read

    def _read(self, given: object) -> Any:
        if self.kind is str and isinstance(given, Mapping):
            return self._text(json.dumps(given, ensure_ascii=False))
        if isinstance(given, str) and self.kind is str:
            return self._text(given)
        text = str(given).strip()
        if self.kind is bool and text.lower() in (*_YES, *_NO):
            return text.lower() in _YES
        if self.kind in (int, float) and not isinstance(given, bool):
            try:
                number = self.kind(text)
                if math.isfinite(number):
                    return number
            except (ValueError, OverflowError):
                pass
        raise ArgumentError(f"{self.name} is {text[:_SHOWN]!r}; it is {_KINDS[self.kind]}.")

    def _text(self, given: str) -> str:
        """Return a text that every program can read."""
        if _UNREADABLE.search(given):
            raise ArgumentError(f"{self.name} holds a character that no text can hold (NUL, or half of a pair).")
        return given


_KINDS: Mapping[type, str] = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


@dataclass(frozen=True, slots=True)
class Question:
    """A question: its name, what it finds in one sentence, its page, its parameters."""

    name: str
    summary: str
    page: str
    parameters: tuple[Parameter, ...]
    answer: Callable[..., Finding]

    def read(self, given: Mapping[str, object], *, files: bool = True) -> dict[str, Any]:
        """Return arguments as the question takes them.

        Parameters
        ----------
        files : whether arguments may be paths of files; never for who does not sit at this machine.

        Raises
        ------
        ArgumentError, FileRefusedError
            When it does not take them, or one is missing.
        """
        known = {each.name: each for each in self.parameters}
        for name in given:
            if name not in known:
                raise ArgumentError(f"{self.name} takes no {name[:_SHOWN]!r}; {nearest_of(name, list(known))}.")
        read = {name: known[name].read(value, files=files) for name, value in given.items()}
        missing = [each for each in self.parameters if each.is_required and each.name not in given]
        if missing:
            wanted = "; ".join(f"{each.name}: {each.meaning}" for each in missing)
            raise ArgumentError(f"{self.name} needs {wanted}.")
        return read


@overload
def ask(question: str, /, **arguments: object) -> Finding: ...


@overload
def ask(city: City, question: str, /, **arguments: object) -> Finding: ...


def ask(asked_of: City | str, /, *question: str, **arguments: object) -> Finding:
    """Ask a question of a city: `ask(city, "land_balance")`.

    Without a city, as in `ask("land_balance")`, it is asked of the one that was connected last (`gis.connect`), or of
    the city of this machine as it stands.

    Parameters
    ----------
    question : its name, one of `gis.analyses.QUESTIONS`.
    arguments : its keyword parameters; values may be given as text.

    Raises
    ------
    UnknownQuestionError, ArgumentError
        When there is no such question, or it does not take such arguments; and what the question itself raises.
    """
    (name,) = (asked_of, *question) if isinstance(asked_of, str) else question
    asked = question_named(name)
    given = asked.read(arguments)
    return asked.answer(connected() if isinstance(asked_of, str) else asked_of, **given)


def question_named(name: str) -> Question:
    """Return a question; UnknownQuestionError where there is none of that name."""
    if name not in QUESTIONS:
        raise UnknownQuestionError(name)
    return _question(name)


def questions() -> tuple[Question, ...]:
    """Return all questions, in the order in which they are listed."""
    return tuple(map(_question, QUESTIONS))


@cache
def _question(name: str) -> Question:
    answer: Callable[..., Finding] = getattr(importlib.import_module(f"gis.analyses.{name}"), name)
    page = inspect.getdoc(answer) or ""
    kinds, meanings = get_type_hints(answer, include_extras=True), _meanings(page)
    parameters = tuple(
        _parameter(each, kinds[each.name], meanings.get(each.name, ""))
        for each in inspect.signature(answer).parameters.values()
        if each.kind is inspect.Parameter.KEYWORD_ONLY
    )
    return Question(name, page.partition("\n")[0], page, parameters, answer)


def _parameter(written: inspect.Parameter, kind: Any, meaning: str) -> Parameter:
    default = None if written.default is inspect.Parameter.empty else written.default
    is_file = may_miss = False
    if isinstance(kind, UnionType):
        (kind,) = (each for each in get_args(kind) if each is not type(None))
        may_miss = True
    if get_origin(kind) is Annotated:
        kind, *marks = get_args(kind)
        is_file = any(isinstance(mark, MayBeFile) for mark in marks)
    if get_origin(kind) is Literal:
        return Parameter(written.name, str, get_args(kind), default, meaning)
    return Parameter(written.name, kind, (), default, meaning, is_file, may_miss)


def _meanings(page: str) -> dict[str, str]:
    """Return what a docstring says of each parameter."""
    section = page.partition("Parameters\n----------\n")[2].partition("\n\n")[0]
    found: dict[str, str] = {}
    names: list[str] = []
    for line in section.splitlines():
        if match := _PARAMETERS.match(line):
            names = match[1].split(", ")
            found |= dict.fromkeys(names, match[2])
        else:
            found |= {name: f"{found[name]} {line.strip()}" for name in names}
    return found
