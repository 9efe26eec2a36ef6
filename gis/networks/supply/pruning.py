"""Nodes and links taken out of an EPANET file, with all that names them."""

from __future__ import annotations

from collections.abc import Collection

from gis.networks.supply.inp import Change, Inp, Tokens

_OF_NODES = ("JUNCTIONS", "RESERVOIRS", "TANKS", "DEMANDS", "EMITTERS", "COORDINATES", "QUALITY", "SOURCES", "MIXING")
_OF_LINKS = ("PIPES", "PUMPS", "VALVES", "STATUS", "VERTICES")
_NODES = ("NODE", "JUNCTION", "JUNC", "TANK", "RESERVOIR", "RESERV")
_LINKS = ("LINK", "PIPE", "PUMP", "VALVE", "BULK", "WALL")


def without(inp: Inp, nodes: Collection[str], links: Collection[str]) -> Inp:
    """Return a file without some nodes and links, and without the controls and whole rules that name one of them."""
    if not nodes and not links:
        return inp
    for name in _OF_NODES:
        inp = inp.changed(name, _leaving_out(nodes))
    for name in _OF_LINKS:
        inp = inp.changed(name, _leaving_out(links))

    def of_pairs(tokens: Tokens, line: str) -> str | None:
        return None if _names(tokens, nodes, links) else line

    for name in ("CONTROLS", "TAGS", "ENERGY", "REACTIONS"):
        inp = inp.changed(name, of_pairs)
    return _without_rules(inp, nodes, links)


def _leaving_out(codes: Collection[str]) -> Change:
    return lambda tokens, line: None if tokens[0] in codes else line


def _names(tokens: Tokens, nodes: Collection[str], links: Collection[str]) -> bool:
    pairs = list(zip((token.upper() for token in tokens), tokens[1:], strict=False))
    return any((word in _NODES and name in nodes) or (word in _LINKS and name in links) for word, name in pairs)


def _without_rules(inp: Inp, nodes: Collection[str], links: Collection[str]) -> Inp:
    dropped: set[int] = set()
    number = 0
    for row in inp.rows("RULES"):
        number += row.tokens[0].upper() == "RULE"
        if _names(row.tokens, nodes, links):
            dropped.add(number)
    return inp.changed("RULES", _leaving_out_rules(dropped)) if dropped else inp


def _leaving_out_rules(dropped: Collection[int]) -> Change:
    number = 0

    def change(tokens: Tokens, line: str) -> str | None:
        nonlocal number
        number += tokens[0].upper() == "RULE"
        return None if number in dropped else line

    return change


def dropping(words: tuple[str, ...]) -> Change:
    """Return the change that takes out the rows which begin with some words."""

    def change(tokens: Tokens, line: str) -> str | None:
        return None if tuple(token.upper() for token in tokens[: len(words)]) == words else line

    return change
