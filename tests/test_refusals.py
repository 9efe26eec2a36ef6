"""Every refusal is a sentence: it ends in one mark, also where what it quotes ends in one of its own."""

from __future__ import annotations

import ast
import collections.abc
import datetime as dt
import importlib
import inspect
import pkgutil
import re
import types
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest

import api
import gis
from gis.crs import Candidate
from gis.errors import QuyhoachError, nearest_of
from gis.grids import GRIDS
from gis.standards import editions
from gis.standards.edition import Edition
from gis.standards.rule import Rule
from gis.targets import Plan, plan
from layers import LAYERS
from layers.model import Column, Layer

ROOT = Path(__file__).resolve().parents[1]
BUSY = re.compile(r"\.__main__$|\.migrations\.|^gis\.export\.gdal$")
"""Modules that do something when they are imported."""
QUOTED = frozenset(
    {"reason", "reasons", "why", "wrong", "detail", "tail", "what", "fault", "found", "remedy", "sentence"}
)
"""Parameters that carry what somebody else said, with a mark of its own at the end."""
COMMANDS = {"MissingAssetError", "MissingNpmError"}
"""They end in a command, which is copied as it stands."""
ONE_MARK = re.compile(r"[^\s.!?…,;:][.!?]$|[.!?]['\"”)]$|['\"”)\]>][.!?]$")
EXAMPLES: dict[object, object] = {
    str: "alpha",
    int: 3,
    float: 2.5,
    bool: True,
    object: "x",
    Path: Path("/data/plan.gpkg"),
    dt.date: dt.date(1999, 12, 31),
    Layer: LAYERS["parcel"],
    Column: LAYERS["parcel"].columns[0],
    Edition: editions()[0],
    Rule: next(iter(editions()[0].rules.values())),
    Plan: plan("359/QĐ-TTg"),
    Candidate: Candidate(5899, "VN-2000 / TM-3 107-45", 0.9),
}
LEAST_MADE = 140
"""Refusals that can be made without a running city; the others' own tests look at their sentences."""


def refusals() -> list[type[QuyhoachError]]:
    for package in (gis, api):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not BUSY.search(module.name):
                importlib.import_module(module.name)
    found: dict[type[QuyhoachError], None] = {}
    waiting = [QuyhoachError]
    while waiting:
        for each in waiting.pop().__subclasses__():
            if each not in found and each.__module__.startswith(("gis.", "api.")):
                found[each] = None
                waiting.append(each)
    return sorted(found, key=lambda each: (each.__module__, each.__name__))


class UnmadeError(Exception):
    pass


def example(kind: object) -> object:
    """Return a value of a kind, as the signature of a refusal names it."""
    if kind in EXAMPLES:
        return EXAMPLES[kind]
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return example(inner[0])
    if origin is tuple and (len(inner) < 2 or inner[1] is not Ellipsis):
        return tuple(map(example, inner))
    if origin in (list, tuple, collections.abc.Sequence, collections.abc.Iterable):
        return [example(inner[0]), example(inner[0])]
    raise UnmadeError


def made(refusal: type[QuyhoachError]) -> QuyhoachError:
    hints = typing.get_type_hints(refusal.__init__)
    parameters = [
        each
        for each in inspect.signature(refusal).parameters.values()
        if each.default is each.empty and each.kind is not each.VAR_KEYWORD
    ]
    if any(each.kind is each.VAR_POSITIONAL for each in parameters):
        raise UnmadeError
    by_name = {
        each.name: "somebody said so." if each.name in QUOTED and hints[each.name] is str else example(hints[each.name])
        for each in parameters
    }
    plain = [by_name[each.name] for each in parameters if each.kind is not each.KEYWORD_ONLY]
    named = {each.name: by_name[each.name] for each in parameters if each.kind is each.KEYWORD_ONLY}
    return refusal(*plain, **named)


def test_every_refusal_that_writes_its_own_sentence_ends_it_in_one_mark():
    wrong: dict[str, str] = {}
    number = 0
    for refusal in refusals():
        if "__init__" not in refusal.__dict__ or refusal.__name__ in COMMANDS:
            continue
        try:
            sentence = str(made(refusal))
        except (UnmadeError, NameError):
            continue
        number += 1
        if not ONE_MARK.search(sentence) or "  " in sentence:
            wrong[refusal.__name__] = sentence
    assert wrong == {}
    assert number >= LEAST_MADE


def test_a_sentence_that_ends_in_what_it_quotes_ends_in_one_mark():
    for given, said in (
        ("The file cannot be read: no such table..", "The file cannot be read: no such table."),
        ("Is its system the right one?.", "Is its system the right one?"),
        ("It is a. b.", "It is a. b."),
        ("It goes on….", "It goes on…"),
    ):
        assert str(QuyhoachError(given)) == said


def raised(tree: ast.AST, names: set[str]) -> Iterator[tuple[int, str]]:
    """Yield the last piece of every sentence that a raise of such a class writes itself."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name)):
            continue
        if node.exc.func.id in names and node.exc.args:
            said = node.exc.args[0]
            last = said.values[-1] if isinstance(said, ast.JoinedStr) else said
            if isinstance(last, ast.Constant) and isinstance(last.value, str):
                yield node.lineno, last.value
            elif isinstance(said, ast.JoinedStr):
                yield node.lineno, "{}"


def test_sentences_that_are_written_where_they_are_raised_end_in_a_mark():
    bare = {each.__name__ for each in refusals() if each.__init__ is QuyhoachError.__init__}
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: {end}"
        for package in ("gis", "api")
        for path in sorted((ROOT / package).rglob("*.py"))
        for line, end in raised(ast.parse(path.read_text(encoding="utf-8")), bare)
        if end[-1:] not in {".", "?", "!"}
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (["market", "park"], "there are market, park"),
        ([f"use {number}" for number in range(30)], "there are 30, such as use 0, use 1, "),
        (["DAT_Dichvu", "DAT_Caoto"], "the nearest is DAT_Dichvu"),
    ],
)
def test_what_would_have_been_right_is_the_nearest_or_all_or_of_many_some(known: list[str], said: str):
    assert nearest_of("DAT_Dichvo" if "DAT_Dichvu" in known else "zzz", known).startswith(said)


def test_a_grid_that_is_none_hears_which_there_are():
    from gis.grids import UnknownGridError

    assert all(name in str(UnknownGridError("other")) for name in GRIDS)
