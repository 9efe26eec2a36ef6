"""What is asked of a load on the command line: looked at before anything is opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gis.errors import UnknownLayerError
from gis.intake.errors import IntakeError
from layers import LAYERS


class LayerListError(IntakeError):
    """A list of layers in which a name is empty or repeated."""

    def __init__(self, given: str, fault: str) -> None:
        super().__init__(
            f"The list of layers {given[:200]!r} {fault}; name each layer once, with commas between: road,building."
        )


class WithElevationError(IntakeError):
    """An option of deliveries, given for an elevation model."""

    def __init__(self, options: Sequence[str]) -> None:
        super().__init__(
            f"{' and '.join(options)} cannot be given with --elevation, which fills empty heights of features that are "
            "stored; leave it out."
        )


class WithoutElevationError(IntakeError):
    """An option of elevation models, given for a delivery."""

    def __init__(self, option: str) -> None:
        super().__init__(f"{option} is said of an elevation model; give --elevation too, or leave it out.")


def named_layers(given: str) -> list[str]:
    """Return the layers of a list with commas.

    Raises
    ------
    LayerListError, UnknownLayerError
        When a name is empty, repeated, or that of no layer.
    """
    names = [name.strip() for name in given.split(",")]
    if not all(names):
        raise LayerListError(given, "has an empty name")
    if unknown := next((name for name in names if name not in LAYERS), None):
        raise UnknownLayerError(unknown, LAYERS)
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise LayerListError(given, f"has {twice} more than once")
    return names


def refuse_with_elevation(given: Mapping[str, object]) -> None:
    """Raise WithElevationError where one of these options has a value."""
    if named := [option for option, value in given.items() if value is not None]:
        raise WithElevationError(named)
