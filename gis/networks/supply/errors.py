"""What cannot be done with a network of water supply, each in a sentence of its own."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from gis.errors import QuyhoachError

_SHOWN = 80
_LOOKED_THROUGH = 20_000


class SupplyError(QuyhoachError):
    """A network of water supply that a question cannot be asked of."""


class InpError(SupplyError):
    """A file that is no EPANET file, or one that contradicts itself."""

    def __init__(self, name: str, why: str, *, line: int | None = None) -> None:
        where = f"{name}, line {line}" if line is not None else name
        super().__init__(f"{where[:120]}: {why[:400]}")


class NoNetworkError(SupplyError):
    """There is no network where one is needed."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"{where} has no pipe and no node of water supply; load the layers pipe and node, or give a .inp."
        )


class NoSourceError(SupplyError):
    """A network into which no water comes."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"The network of {where} has no source: no reservoir with its head and no tank with its levels. "
            "Nothing can be said of pressures before it has one."
        )


class NoSupplyError(SupplyError):
    """A network in which no node that could be drawn at has water."""

    def __init__(self) -> None:
        super().__init__(
            "Water reaches no node of the network at which it could be drawn: nothing hangs together with a source."
        )


class NoEngineError(SupplyError):
    """A machine for which there is no hydraulic engine."""

    def __init__(self, machine: str) -> None:
        super().__init__(
            f"Water supply is not simulated on this machine ({machine}): the hydraulic engine (wntr, EPANET 2.2) has "
            "no build for it."
        )


class EngineError(SupplyError):
    """What the hydraulic engine says of a network it cannot solve."""

    def __init__(self, code: int, said: str) -> None:
        named = f" (error {code})" if code else ""
        super().__init__(f"EPANET cannot simulate this network{named}: {said.strip().rstrip('.')}.")
        self.code = code


class TooLargeError(SupplyError):
    """A network, or a simulation, that is larger than can be answered at once."""

    def __init__(self, what: str, number: int, most: int) -> None:
        super().__init__(f"{what}: {number:,}, and at most {most:,} can be answered at once.")


class TooLongError(SupplyError):
    """A simulation that takes longer than a question may."""

    def __init__(self, most_s: float) -> None:
        super().__init__(f"The simulation was given up after {most_s:.0f} s; ask for fewer hours.")


class NoSuchElementError(SupplyError):
    """A pipe, valve or node that is named and is not there."""

    def __init__(self, kind: str, given: str, known: Iterable[str]) -> None:
        names = list(known)
        near = get_close_matches(given, names[:_LOOKED_THROUGH], n=1, cutoff=0.5)
        hint = f"the nearest code is {near[0]}" if near else f"it has {len(names):,}"
        super().__init__(f"There is no {kind} {given[:_SHOWN]!r} in this network; {hint}.")
