"""The text of an EPANET file, section by section: read whole, edited row by row, written again as it was.

What is not edited stays as it stands, letter for letter: comments, blanks, sections nobody here reads.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from math import isfinite

from gis.networks.supply.errors import InpError
from gis.networks.supply.units import FLOW_UNITS, Units, units

MOST_BYTES = 64 * 1024**2
_SECTIONS = (
    *("TITLE", "JUNCTIONS", "RESERVOIRS", "TANKS", "PIPES", "PUMPS", "VALVES", "EMITTERS", "CONTROLS", "RULES"),
    *("DEMANDS", "SOURCES", "PATTERNS", "CURVES", "QUALITY", "STATUS", "ROUGHNESS", "ENERGY", "REACTIONS", "MIXING"),
    *("REPORT", "TIMES", "OPTIONS", "COORDINATES", "VERTICES", "LABELS", "BACKDROP", "TAGS", "END"),
)
_NAMED_BY = 4
"""Letters by which EPANET knows a section."""
_NETWORK = ("JUNCTIONS", "RESERVOIRS", "TANKS", "PIPES")
_TOKEN = re.compile(r'"([^"]*)"|([^\s,"]+)')
_CRS = re.compile(r";\s*CRS\s+(\S+)", re.IGNORECASE)
_DIGEST_DIGITS = 16
_SHOWN = 40

Tokens = tuple[str, ...]
Change = Callable[[Tokens, str], "str | None"]
"""What becomes of a row, given its tokens and its line: another line, or None where it goes."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its name as EPANET knows it, empty before the first, and its lines, the head among them."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a section: the number of its line in the file, and its words."""

    line: int
    tokens: Tokens


@dataclass(frozen=True)
class Inp:
    """An EPANET file."""

    name: str
    sections: tuple[Section, ...]
    encoding: str = "utf-8"

    @cached_property
    def written(self) -> bytes:
        """All of it as bytes: in the letters it came in, as far as they suffice."""
        try:
            return self.text.encode(self.encoding)
        except UnicodeEncodeError:
            return self.text.encode()

    @cached_property
    def text(self) -> str:
        """All of it, as it is written."""
        return "\n".join(line for section in self.sections for line in section.lines)

    @cached_property
    def digest(self) -> str:
        """A name for what it says."""
        return sha256(self.text.encode()).hexdigest()[:_DIGEST_DIGITS]

    def rows(self, *names: str) -> Iterator[Row]:
        """Yield the rows of sections that say something, in the order of the file."""
        number = 1
        for section in self.sections:
            if section.name in names:
                for place, line in enumerate(section.lines[1:], 1):
                    if tokens := tokens_of(line):
                        yield Row(number + place, tokens)
            number += len(section.lines)

    def changed(self, name: str, change: Change) -> Inp:
        """Return it with the rows of a section changed, one by one; comments and blanks between them stay."""

        def lines(section: Section) -> Iterator[str]:
            yield section.lines[0]
            for line in section.lines[1:]:
                tokens = tokens_of(line)
                kept = change(tokens, line) if tokens else line
                if kept is not None:
                    yield kept

        sections = (Section(each.name, tuple(lines(each))) if each.name == name else each for each in self.sections)
        return replace(self, sections=tuple(sections))

    def extended(self, name: str, lines: Iterable[str]) -> Inp:
        """Return it with rows added at the end of a section, which is made where there is none."""
        added = tuple(lines)
        if not added:
            return self
        places = [place for place, each in enumerate(self.sections) if each.name == name]
        sections = list(self.sections)
        if not places:
            end = next((place for place, each in enumerate(sections) if each.name == "END"), len(sections))
            sections.insert(end, Section(name, (f"[{name}]", *added, "")))
            return replace(self, sections=tuple(sections))
        old = sections[places[-1]]
        body = list(old.lines)
        while len(body) > 1 and not body[-1].strip():
            body.pop()
        blanks = old.lines[len(body) :]
        sections[places[-1]] = Section(name, (*body, *added, *blanks))
        return replace(self, sections=tuple(sections))

    def headed(self, name: str, line: str) -> Inp:
        """Return it with a line, which may be a comment, at the beginning of a section that is there."""
        sections = (
            Section(each.name, (each.lines[0], line, *each.lines[1:])) if each.name == name else each
            for each in self.sections
        )
        return replace(self, sections=tuple(sections))

    def without(self, *names: str) -> Inp:
        """Return it without some of its sections."""
        return replace(self, sections=tuple(each for each in self.sections if each.name not in names))

    def option(self, *words: str, section: str = "OPTIONS") -> Tokens:
        """Return what follows the words of an option, the last one where it is said twice; nothing where it is not."""
        wanted = tuple(word.upper() for word in words)
        found: Tokens = ()
        for row in self.rows(section):
            if tuple(token.upper() for token in row.tokens[: len(wanted)]) == wanted:
                found = row.tokens[len(wanted) :]
        return found

    @property
    def unknown_sections(self) -> tuple[str, ...]:
        """The sections that EPANET does not know."""
        return tuple(dict.fromkeys(each.name for each in self.sections if each.name not in ("", *_SECTIONS)))

    @cached_property
    def units(self) -> Units:
        """The units its figures are in."""
        given = (self.option("UNITS") or ("GPM",))[0].upper()
        if given == "SI":
            given = "LPS"
        if given not in FLOW_UNITS:
            raise InpError(self.name, f"its flows are in {given[:_SHOWN]!r}; EPANET knows {', '.join(FLOW_UNITS)}")
        return units(given, (self.option("PRESSURE") or ("",))[0])

    @cached_property
    def head_loss(self) -> str:
        """The formula of its head losses: H-W, D-W or C-M."""
        return (self.option("HEADLOSS") or ("H-W",))[0].upper()

    @cached_property
    def crs(self) -> str:
        """The coordinate system that a comment of its coordinates names (`;CRS EPSG:5899`); empty where none does."""
        lines = (line for each in self.sections if each.name == "COORDINATES" for line in each.lines)
        return next((match[1] for line in lines if (match := _CRS.match(line.strip()))), "")


def tokens_of(line: str) -> Tokens:
    """Return the words of a line, without its comment."""
    bare = line.partition(";")[0]
    if '"' not in bare:
        return tuple(bare.replace(",", " ").split())
    return tuple(quoted or plain for quoted, plain in _TOKEN.findall(bare))


def number(inp: Inp, row: Row, place: int, what: str, *, default: float | None = None) -> float:
    """Return a figure of a row; InpError where there is none, or what stands there is no figure."""
    if place >= len(row.tokens):
        if default is None:
            raise InpError(inp.name, f"{row.tokens[0][:_SHOWN]} has no {what}", line=row.line)
        return default
    try:
        found = float(row.tokens[place])
        if isfinite(found):
            return found
    except ValueError:
        pass
    raise InpError(
        inp.name, f"the {what} of {row.tokens[0][:_SHOWN]} is {row.tokens[place][:_SHOWN]!r}, no figure", line=row.line
    )


def parsed(name: str, given: bytes | str) -> Inp:
    """Return an EPANET file.

    Parameters
    ----------
    name : what it is called in sentences.
    given : its bytes, in UTF-8 or Latin-1, or its text.

    Raises
    ------
    InpError
        When it is too large or no EPANET file.
    """
    if len(given) > MOST_BYTES:
        raise InpError(name, f"it is larger than {MOST_BYTES // 1024**2} MB")
    text, encoding = (given, "utf-8") if isinstance(given, str) else _decoded(given)
    sections: list[Section] = []
    lines: list[str] = []
    current = ""
    for line in text.split("\n"):
        head = _head(line)
        if head and (sections or lines):
            sections.append(Section(current, tuple(lines)))
            lines = []
        current = head or current
        lines.append(line)
    sections.append(Section(current, tuple(lines)))
    if not any(each.name in _NETWORK for each in sections):
        raise InpError(name, f"it is no EPANET file: it has none of the sections {', '.join(_NETWORK)}")
    return Inp(name, tuple(sections), encoding)


def _head(line: str) -> str:
    """Return the name of the section that a line begins; one that EPANET does not know keeps its own."""
    bare = line.strip()
    if not bare.startswith("["):
        return ""
    given = bare[1:].partition("]")[0].strip().upper()
    return next((name for name in _SECTIONS if given[:_NAMED_BY] == name[:_NAMED_BY]), given or "[")


def _decoded(given: bytes) -> tuple[str, str]:
    encoding = "utf-8-sig" if given.startswith(codecs.BOM_UTF8) else "utf-8"
    try:
        return given.decode(encoding), encoding
    except UnicodeDecodeError:
        return given.decode("latin-1"), "latin-1"
