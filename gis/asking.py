"""Asking a question by its name: what can be asked, with which arguments, and the answer.

A question is a plain function of `gis.analyses`. Its name is its address, its keyword parameters are its form, its
docstring is its page; notebook, shell and service all come through here.
"""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import (
    Any,
    Literal,
    get_args,
    get_origin,
    get_type_hints,
    overload,
)  # arguments are of the kinds of the signature

from gis.analyses import QUESTIONS
from gis.db import City
from gis.errors import QuyhoachError, nearest_of
from gis.findings import Finding
from gis.opening import connected

_YES, _NO = ("true", "yes", "1"), ("false", "no", "0")
_SHOWN = 60
_PARAMETER = re.compile(r"^(\w+) : (.+)$")


class UnknownQuestionError(QuyhoachError):
    """There is no question of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no question {name[:_SHOWN]!r}; {nearest_of(name, QUESTIONS)}.")


class ArgumentError(QuyhoachError):
    """An argument that a question does not take, or a value that it cannot have."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One keyword of a question: the kind of its values, the closed list of them if there is one, its default."""

    name: str
    kind: type
    choices: tuple[str, ...]
    default: str | float | bool
    meaning: str

    def read(self, given: object) -> Any:
        """Return a value as the question takes it; it may be given as text.

        Raises
        ------
        ArgumentError
            When it cannot be such a value.
        """
        if self.choices and given not in self.choices:
            raise ArgumentError(f"{self.name} is {str(given)[:_SHOWN]!r}; {nearest_of(str(given), self.choices)}.")
        if isinstance(given, self.kind) and not (self.kind is not bool and isinstance(given, bool)):
            return given
        text = str(given).strip()
        if self.kind is bool and text.lower() in (*_YES, *_NO):
            return text.lower() in _YES
        if self.kind in (int, float):
            try:
                return self.kind(text)
            except ValueError:
                pass
        raise ArgumentError(f"{self.name} is {text[:_SHOWN]!r}; it is {_KINDS[self.kind]}.")


_KINDS: Mapping[type, str] = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


@dataclass(frozen=True, slots=True)
class Question:
    """A question: its name, what it finds in one sentence, its page, its parameters."""

    name: str
    summary: str
    page: str
    parameters: tuple[Parameter, ...]
    answer: Callable[..., Finding]

    def read(self, given: Mapping[str, object]) -> dict[str, Any]:
        """Return arguments as the question takes them; ArgumentError where it does not."""
        known = {each.name: each for each in self.parameters}
        for name in given:
            if name not in known:
                raise ArgumentError(f"{self.name} takes no {name[:_SHOWN]!r}; {nearest_of(name, list(known))}.")
        return {name: known[name].read(value) for name, value in given.items()}


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
    kinds, meanings = get_type_hints(answer), _meanings(page)
    parameters = tuple(
        _parameter(each, kinds[each.name], meanings.get(each.name, ""))
        for each in inspect.signature(answer).parameters.values()
        if each.kind is inspect.Parameter.KEYWORD_ONLY
    )
    return Question(name, page.partition("\n")[0], page, parameters, answer)


def _parameter(written: inspect.Parameter, kind: Any, meaning: str) -> Parameter:
    if get_origin(kind) is Literal:
        return Parameter(written.name, str, get_args(kind), written.default, meaning)
    return Parameter(written.name, kind, (), written.default, meaning)


def _meanings(page: str) -> dict[str, str]:
    """Return what a docstring says of each parameter."""
    section = page.partition("Parameters\n----------\n")[2].partition("\n\n")[0]
    return {match[1]: match[2] for line in section.splitlines() if (match := _PARAMETER.match(line))}
