"""CQL2, text or JSON, read by the library into one tree; bounded before and after."""

from __future__ import annotations

import json
import re
from enum import StrEnum
from typing import Any  # a tree of JSON

import cql2

from gis.filters.errors import FilterBoundError, FilterSyntaxError

MOST_LETTERS = 32_768
MOST_NESTED = 64
"""Operators inside one another, and brackets; in JSON an operator has two of these."""
MOST_PREFIXES = 128
"""Signs and NOTs: each may nest one step deeper, and the reader descends on the stack of its thread."""
MOST_CHAINED = 128
"""Operators in a row, those around a bracket among them: the reader descends a step for each, as for a sign."""
MOST_READINGS = 400_000
"""Letters, each counted as often as it may be read: twice as often inside a bracket that opens no function, because the
reader goes back to the bracket and tries another meaning where what is inside is wrong."""
MOST_NODES = 2_000
"""Operators, properties and values, those of lists and intervals among them; positions are counted by themselves."""

_QUOTED = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"")
_PREFIX = re.compile(r"\bNOT\b|\^|[-+](?=\s*[-+(A-Za-z_\"])", re.IGNORECASE)
_LINK = re.compile(
    r"(?P<open>\()|(?P<close>\))|(?P<join>\b(?:AND|OR)\b)|(?P<comma>,)|[-+*/%^]|[<>=]+|\b(?:DIV|LIKE|IN|BETWEEN|IS)\b",
    re.IGNORECASE,
)

_BRACKET = re.compile(r"\w*\s*\(|\)|\w+|[^()\w]+")
_FUNCTION = re.compile(r"(?!(?:AND|OR|NOT|IN|LIKE|BETWEEN|IS)\s*\()[^\W\d]\w*\s*\(", re.IGNORECASE)

Node = Any
"""One node of the tree: a dict with `op` and `args`, a property, a value, or a list."""


class Language(StrEnum):
    """The two ways of writing CQL2."""

    TEXT = "cql2-text"
    JSON = "cql2-json"


def parsed(text: str, language: Language) -> Node:
    """Read a filter into the tree that CQL2 JSON describes.

    Raises
    ------
    FilterSyntaxError
        When it is not CQL2.
    FilterBoundError
        When it is longer, deeper or has more parts than is answered.
    """
    if len(text) > MOST_LETTERS:
        raise FilterBoundError("letters", len(text), MOST_LETTERS)
    if "\0" in text:
        raise FilterSyntaxError(language, "it holds the character 0")
    _bound_writing(text, MOST_NESTED if language is Language.TEXT else 2 * MOST_NESTED)
    if language is Language.TEXT:
        if "!=" in _QUOTED.sub("", text):
            raise FilterSyntaxError(language, "what is not equal is written <>, not !=")
        _bound_chains(text)
        _bound_readings(text)
    tree = _read(text, language)
    _bound_tree(tree)
    return json.loads(json.dumps(tree))


def _read(text: str, language: Language) -> Node:
    reader = cql2.parse_text if language is Language.TEXT else cql2.parse_json
    try:
        return reader(text).to_json()
    except Exception as error:  # noqa: BLE001 — the library raises bare exceptions besides its own
        raise FilterSyntaxError(language, str(error)) from None


def _bound_writing(text: str, most_nested: int) -> None:
    bare = _QUOTED.sub("''", text)
    nested = deepest = 0
    for letter in bare:
        nested += (letter in "([{") - (letter in ")]}")
        deepest = max(deepest, nested)
    if deepest > most_nested:
        raise FilterBoundError("brackets inside one another", deepest, most_nested)
    prefixes = len(_PREFIX.findall(bare))
    if prefixes > MOST_PREFIXES:
        raise FilterBoundError("signs, powers and NOTs", prefixes, MOST_PREFIXES)


def _bound_chains(text: str) -> None:
    chained, outside, joined = 0, list[int](), 0
    for link in _LINK.finditer(_QUOTED.sub("''", text)):
        match link.lastgroup:
            case "open":
                outside.append(chained)
            case "close":
                chained = outside.pop() if outside else 0
            case "join" | "comma":
                chained = outside[-1] if outside else 0
                joined += link.lastgroup == "join"
            case _:
                chained += 1
        if chained > MOST_CHAINED:
            raise FilterBoundError("operators in a row", chained, MOST_CHAINED)
    if joined > MOST_NODES:
        raise FilterBoundError("ANDs and ORs", joined, MOST_NODES)


def _bound_readings(text: str) -> None:
    readings, weight, opened = 0, 1, list[int]()
    for piece in _BRACKET.finditer(_QUOTED.sub("''", text)):
        readings += len(piece[0]) * weight
        if piece[0] == ")" and opened:
            weight = opened.pop()
        elif piece[0].endswith("("):
            opened.append(weight)
            weight *= 1 if _FUNCTION.fullmatch(piece[0]) else 2
        if readings > MOST_READINGS:
            raise FilterBoundError("readings of letters inside brackets", readings, MOST_READINGS)


def _bound_tree(tree: Node) -> None:
    nodes, level, depth = 0, [tree], 0
    while level:
        nodes += len(level)
        depth += 1
        if depth > MOST_NESTED:
            raise FilterBoundError("operators inside one another", depth, MOST_NESTED)
        if nodes > MOST_NODES:
            raise FilterBoundError("parts", nodes, MOST_NODES)
        level = [inner for node in level for inner in _inside(node)]


def _inside(node: Node) -> list[Node]:
    if isinstance(node, list):
        return node
    if isinstance(node, dict):
        return [*node.get("args", ()), *node.get("interval", ())]
    return []
