"""A request for features, read and checked as a whole before the database is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from fastapi import Request

from api.deps import read_horizon, read_scenario
from api.errors import ParameterError
from api.features.parameters import MOST_FEATURES, MOST_ON_A_PAGE, MOST_STREAMED, NAMES, USUAL_FEATURES, asked_columns
from api.negotiation import read_language
from api.query import decoded, fields, single
from gis.features import CRS84, UnknownColumnError, public_columns, questioned_columns
from gis.features.equalities import chosen
from gis.features.order import read_order
from gis.features.period import Period
from gis.features.question import Question
from gis.features.reach import reached
from gis.features.system import read_system
from gis.filters.condition import Condition, all_of
from gis.filters.parsing import Language
from gis.filters.translation import condition
from layers.model import Column, Horizon, Kind, Layer

_LIMIT = re.compile(r"0*([1-9][0-9]*)")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for; `limit` is None where it does not say."""

    question: Question
    horizon: Horizon
    scenario: str
    limit: int | None
    bookmark: str | None
    count: bool

    @property
    def rows(self) -> int:
        """Most features on a page."""
        return min(self.limit or USUAL_FEATURES, MOST_FEATURES)


def asked(request: Request, layer: Layer) -> Asked:
    """Read what is asked of the features of a layer.

    Raises
    ------
    ParameterError, the refusals of a query, and those of each parameter
        When something is asked that has no answer; each says what would be right.
    """
    columns = asked_columns(layer)
    query = request.scope["query_string"]
    given = single(query, sorted(NAMES), columns)
    read_language(given.get("lang"))
    question = Question(
        layer,
        _shown(layer, given.get("properties")),
        all_of(_conditions(layer, given, _equalities(query, columns))),
        read_order(layer, given.get("sortby")),
        read_system("crs", given.get("crs")),
    )
    return Asked(
        question,
        read_horizon(given.get("horizon")),
        read_scenario(given.get("scenario")),
        _limit(given.get("limit")),
        given.get("bookmark"),
        _count(given.get("count")),
    )


def one(request: Request, layer: Layer, known: Iterable[str]) -> Asked:
    """Read how one feature is asked for."""
    given = single(request.scope["query_string"], sorted(known))
    read_language(given.get("lang"))
    question = Question(layer, _shown(layer, given.get("properties")), system=read_system("crs", given.get("crs")))
    scenario = read_scenario(given.get("scenario"))
    return Asked(question, read_horizon(given.get("horizon")), scenario, 1, None, count=False)


def shown_as_page(wanted: Asked) -> Asked:
    """Return the same as a person browses it: fewer features at once, where the map of the page can draw them."""
    question = replace(wanted.question, system=CRS84)
    return replace(wanted, question=question, limit=min(wanted.rows, MOST_ON_A_PAGE))


def _equalities(query: bytes, columns: Mapping[str, Column]) -> dict[str, list[str]]:
    """Return the values that each column is asked for.

    A comma stands between values. An escaped one belongs to its value, as RFC 6570 has it, where that is free text; no
    value of another kind holds a comma, and many clients escape each.
    """
    values: dict[str, list[str]] = {}
    for name, escaped in fields(query):
        if name in columns:
            column = columns[name]
            is_free = column.kind is Kind.TEXT and column.codes is None
            parts = [decoded(part) for part in escaped.split(b",")]
            values.setdefault(name, []).extend(parts if is_free else ",".join(parts).split(","))
    return values


def _conditions(layer: Layer, given: Mapping[str, str], values: Mapping[str, Sequence[str]]) -> list[Condition]:
    conditions: list[Condition] = []
    system = read_system("bbox-crs", given.get("bbox-crs"))
    if "bbox" in given:
        conditions.append(reached(given["bbox"], system))
    if "datetime" in given:
        conditions.append(Period.read(given["datetime"]).condition)
    if values:
        conditions.append(chosen(layer, values))
    language = _language(given.get("filter-lang"))
    system = read_system("filter-crs", given.get("filter-crs"))
    if "filter" in given:
        conditions.append(condition(given["filter"], questioned_columns(layer), language=language, system=system))
    return conditions


def _shown(layer: Layer, text: str | None) -> tuple[Column, ...]:
    columns = public_columns(layer)
    if text is None:
        return columns
    wanted = {name.strip() for name in text.split(",") if name.strip()}
    known = questioned_columns(layer)
    for name in sorted(wanted - set(known)):
        raise UnknownColumnError(layer, name)
    return tuple(column for column in columns if column.name in wanted)


def _limit(text: str | None) -> int | None:
    if text is None:
        return None
    number = _LIMIT.fullmatch(text)
    if number is None:
        raise ParameterError("limit", text, "a whole number from 1")
    if len(number[1]) > len(str(MOST_STREAMED)):
        return MOST_STREAMED
    return min(int(number[1]), MOST_STREAMED)


def _language(text: str | None) -> Language:
    try:
        return Language.TEXT if text is None else Language(text)
    except ValueError:
        raise ParameterError("filter-lang", text or "", "one of " + ", ".join(Language)) from None


def _count(text: str | None) -> bool:
    if text not in (None, "true", "false"):
        raise ParameterError("count", text, "true or false")
    return text != "false"


def in_system(question: Question) -> dict[str, str]:
    """Return the header that names the coordinate system of an answer."""
    return {"Content-Crs": f"<{question.system.uri}>"}
