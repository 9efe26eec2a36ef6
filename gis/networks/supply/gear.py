"""What stands between the nodes of an EPANET file: pipes, pumps, valves, and how they are when it begins."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from gis.networks.supply.errors import InpError
from gis.networks.supply.inp import Inp, Row, number
from gis.networks.supply.network import LinkKind

_ONE_WAY = (LinkKind.PUMP, LinkKind.PRV, LinkKind.PSV)
_PIPE_STATUS = ("OPEN", "CLOSED", "CV")
_ENDS = 3
_WITH_STATUS = 8
_STEERED = ("LINK", "PIPE", "PUMP", "VALVE")


@dataclass(frozen=True, slots=True)
class Pipe:
    """A link as its row has it, in the units of the file; NaN where it has no such figure."""

    code: str
    kind: LinkKind
    start: str
    end: str
    length: float = math.nan
    diameter: float = math.nan
    roughness: float = math.nan
    closed: bool = False
    one_way: bool = False
    lacks: bool = False


def equipment(inp: Inp) -> Iterator[Pipe]:
    """Yield the links of a file: its pipes, then its pumps, then its valves."""
    curves = {row.tokens[0] for row in inp.rows("CURVES")}
    for row in inp.rows("PIPES"):
        yield _pipe(inp, row)
    for row in inp.rows("PUMPS"):
        code, start, end = _ends(inp, row)
        yield Pipe(code, LinkKind.PUMP, start, end, one_way=True, lacks=not _is_driven(row, curves))
    for row in inp.rows("VALVES"):
        yield _valve(inp, row, curves)


def _pipe(inp: Inp, row: Row) -> Pipe:
    code, start, end = _ends(inp, row)
    status = row.tokens[_WITH_STATUS - 1] if len(row.tokens) >= _WITH_STATUS else row.tokens[-1]
    state = status.upper() if status.upper() in _PIPE_STATUS else "OPEN"
    roughness = number(inp, row, 5, "roughness")
    return Pipe(
        code,
        LinkKind.PIPE,
        start,
        end,
        length=number(inp, row, 3, "length"),
        diameter=number(inp, row, 4, "diameter"),
        roughness=roughness,
        closed=state == "CLOSED",
        one_way=state == "CV",
        lacks=roughness <= 0,
    )


def _valve(inp: Inp, row: Row, curves: Collection[str]) -> Pipe:
    code, start, end = _ends(inp, row)
    diameter = number(inp, row, 3, "diameter")
    named = row.tokens[4].upper() if len(row.tokens) > 4 else ""  # noqa: PLR2004 - the fifth column is the type
    if named not in LinkKind.__members__ or named in ("PIPE", "PUMP"):
        raise InpError(inp.name, f"the valve {code[:40]} is of no type EPANET knows, {named[:20]!r}", line=row.line)
    kind = LinkKind[named]
    setting = row.tokens[5] if len(row.tokens) > 5 else ""  # noqa: PLR2004 - the sixth is its setting
    lacks = setting not in curves if kind is LinkKind.GPV else not _is_number(setting)
    return Pipe(code, kind, start, end, diameter=diameter, one_way=kind in _ONE_WAY, lacks=lacks)


def _ends(inp: Inp, row: Row) -> tuple[str, str, str]:
    if len(row.tokens) < _ENDS:
        raise InpError(inp.name, f"{row.tokens[0][:40]} does not name two nodes", line=row.line)
    return row.tokens[0], row.tokens[1], row.tokens[2]


def _is_driven(row: Row, curves: Collection[str]) -> bool:
    """Return whether a pump has a curve that is there, or a power."""
    words = [token.upper() for token in row.tokens[_ENDS:]]
    for word, value in zip(words, row.tokens[_ENDS + 1 :], strict=False):
        if word == "HEAD" and value in curves:
            return True
        if word == "POWER" and _is_number(value) and float(value) > 0:
            return True
    # As EPANET 1 wrote it: a power, or the points of the curve themselves.
    return bool(words) and all(map(_is_number, words))


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def initial_states(inp: Inp) -> Mapping[str, bool]:
    """Return whether links are closed when a simulation begins, as STATUS says; a pump at speed 0 is."""
    pumps = {row.tokens[0] for row in inp.rows("PUMPS")}
    found: dict[str, bool] = {}
    for row in inp.rows("STATUS"):
        said = row.tokens[-1].upper()
        if said in ("OPEN", "CLOSED"):
            found[row.tokens[0]] = said == "CLOSED"
        elif row.tokens[0] in pumps and _is_number(said):
            found[row.tokens[0]] = float(said) == 0
        else:
            found[row.tokens[0]] = False
    return found


def steered(inp: Inp) -> frozenset[str]:
    """Return the links that a control, a rule or the pattern of a pump may open or shut."""
    found = {row.tokens[1] for row in inp.rows("CONTROLS") if len(row.tokens) > 1 and row.tokens[0].upper() in _STEERED}
    for row in inp.rows("RULES"):
        words = [token.upper() for token in row.tokens]
        if words[0] in ("THEN", "ELSE", "AND") and len(words) > 2 and words[1] in _STEERED:  # noqa: PLR2004
            found.add(row.tokens[2])
    for row in inp.rows("PUMPS"):
        if "PATTERN" in (token.upper() for token in row.tokens):
            found.add(row.tokens[0])
    return frozenset(found)
