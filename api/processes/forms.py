"""The form of a question, made from its signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.processes.described import SCENARIO
from gis.asking import Parameter
from gis.named import Named
from gis.reports.labels import LABELS
from gis.schema import BASELINE
from gis.wording import words_in


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `kind` is select, area (of several lines), number or text; options are values with their titles."""

    name: str
    title: str
    meaning: str
    kind: str
    value: str
    example: str
    is_required: bool
    options: tuple[tuple[str, str], ...] = ()


def fields(named: Named, parameters: Sequence[Parameter], scenarios: Mapping[str, str]) -> list[Field]:
    """Return the fields of a question in a language.

    Parameters
    ----------
    scenarios : titles of those that may be chosen, by name.
    """
    return [_field(named, each, scenarios) for each in parameters]


def _field(named: Named, parameter: Parameter, scenarios: Mapping[str, str]) -> Field:
    options = tuple((value, named.choice(parameter, value)) for value in parameter.choices)
    if parameter is SCENARIO:
        options = tuple((name, _scenario(name, title, named.language)) for name, title in scenarios.items())
    elif parameter.kind is bool:
        options = tuple((value, named.choice(parameter, value)) for value in ("true", "false"))
    return Field(
        parameter.name,
        named.title_of(parameter),
        named.meaning_of(parameter),
        _kind(parameter, has_options=bool(options)),
        _written(parameter.default),
        named.example_of(parameter),
        parameter.is_required,
        options,
    )


def _written(default: str | float | bool | None) -> str:
    """Return a default as it stands in its field."""
    if isinstance(default, bool):
        return str(default).lower()
    return f"{default:g}" if isinstance(default, float) else "" if default is None else str(default)


def _scenario(name: str, title: str, language: str) -> str:
    if name == BASELINE:
        return words_in(LABELS["baseline"], language)
    return f"{title} ({name})" if title else name


def _kind(parameter: Parameter, *, has_options: bool) -> str:
    if has_options:
        return "select"
    if parameter.is_file:
        return "area"
    return "number" if parameter.kind in (int, float) else "text"
