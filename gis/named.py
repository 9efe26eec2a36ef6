"""What questions and their parameters are called.

English comes from docstrings, where `named.json` does not say it better; Vietnamese from there. What has no word yet is
shown by its name and its docstring.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any  # a document of JSON is of any kind

from gis.asking import Parameter, Question
from gis.reports.labels import ARGUMENTS
from gis.wording import words_in
from layers.land import BUILDING_USES, FACILITIES

_PAGE_END = "\n\nParameters\n"
_CODES = {
    name: {code.code: code.title for code in codes.codes}
    for name, codes in (("use", BUILDING_USES), ("facility", FACILITIES))
}
"""Titles of choices that are codes of a layer."""


@dataclass(frozen=True, slots=True)
class Named:
    """A question in one language."""

    question: Question
    language: str

    @property
    def title(self) -> str:
        """What it is called."""
        return self._said("title") or _spaced(self.question.name)

    @property
    def summary(self) -> str:
        """What it finds, in one sentence."""
        return self._said("summary") or self.question.summary

    @property
    def description(self) -> str:
        """What it counts, and what it leaves out."""
        page = self.question.page.partition(_PAGE_END)[0].partition("\n")[2].strip()
        said = self._said("description")
        return page.replace("\n", " ") if said is None else said

    def parameter(self, name: str) -> Parameter | None:
        """Return a parameter of the question; None where it has none of that name."""
        return next((each for each in self.question.parameters if each.name == name), None)

    def title_of(self, parameter: Parameter) -> str:
        """Return what a parameter is called."""
        if parameter.name in ARGUMENTS:
            return words_in(ARGUMENTS[parameter.name], self.language)
        said = _of_parameter(self.question, parameter).get("title", {})
        return said.get(self.language) or _spaced(parameter.name)

    def meaning_of(self, parameter: Parameter) -> str:
        """Return what a parameter means."""
        said = _of_parameter(self.question, parameter).get("meaning", {}).get(self.language)
        return said or parameter.meaning

    def example_of(self, parameter: Parameter) -> str:
        """Return what may be given for it; empty where its meaning says enough."""
        return _of_parameter(self.question, parameter).get("example", "")

    def choice(self, parameter: Parameter, value: str) -> str:
        """Return what one of the values of a closed list is called."""
        if parameter.name in _CODES and value in _CODES[parameter.name]:
            return words_in(_CODES[parameter.name][value], self.language)
        named = _words()["choices"]
        said = named.get(f"{parameter.name}.{value}") or named.get(value, {})
        return said.get(self.language, value)

    def _said(self, what: str) -> str | None:
        return _words()["questions"].get(self.question.name, {}).get(what, {}).get(self.language)


def is_named(question: Question) -> bool:
    """Return whether a question and all its parameters have words in both languages."""
    words = _words()
    named = all(words["questions"].get(question.name, {}).get(what, {}).get("vi") for what in ("title", "summary"))
    return named and all(
        (each.name in ARGUMENTS or _of_parameter(question, each).get("title"))
        and _of_parameter(question, each).get("meaning")
        for each in question.parameters
    )


def _of_parameter(question: Question, parameter: Parameter) -> dict[str, Any]:
    """Return what is said of a parameter: of this question, where it means something of its own there, or of all."""
    said = _words()["parameters"]
    return said.get(f"{question.name}.{parameter.name}") or said.get(parameter.name, {})


def _spaced(name: str) -> str:
    return name.replace("_", " ").capitalize()


@cache
def _words() -> dict[str, Any]:
    return json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
