"""What cannot be done with a scenario, and what would have been right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from gis.errors import QuyhoachError
from layers.model import Column, Layer

_SHOWN = 60
_NAMED = 10


class TakenNameError(QuyhoachError):
    """A new scenario is given a name that is not free."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The name {name[:_SHOWN]!r} is taken; open the scenario under another.")


class ReservedNameError(QuyhoachError):
    """A new scenario is given a name that means something else."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name[:_SHOWN]!r} names a part of the system, not a scenario; choose a name that does not begin with "
            "pg_ and is not baseline, city, existing, history, public, register or information_schema."
        )


class TooManyGenerationsError(QuyhoachError):
    """A scenario of a scenario of a scenario, further than it can be read quickly."""

    def __init__(self, parent: str, most: int) -> None:
        super().__init__(
            f"{parent!r} is already the {most}th scenario in its line, as many as there may be; "
            "open the new one from an earlier scenario or from the baseline."
        )


class ChildrenError(QuyhoachError):
    """A scenario from which others were opened is to be merged or dropped."""

    def __init__(self, name: str, children: Sequence[str]) -> None:
        super().__init__(f"{name!r} is what {', '.join(children)} was opened from; merge or drop that first.")


@dataclass(frozen=True, slots=True)
class Conflict:
    """A feature that the parent of a scenario `added`, `changed` or `removed` after the scenario had changed it."""

    layer: str
    uid: int
    meanwhile: str


class MergeConflictError(QuyhoachError):
    """A scenario cannot be merged without deciding between two states of a feature."""

    def __init__(self, name: str, conflicts: Sequence[Conflict]) -> None:
        self.conflicts = tuple(conflicts)
        named = [f"{one.layer} {one.uid} ({one.meanwhile} meanwhile)" for one in conflicts[:_NAMED]]
        more = f" and {len(conflicts) - _NAMED} more" if len(conflicts) > _NAMED else ""
        super().__init__(
            f"{name!r} was not merged, for features changed on both sides: {', '.join(named)}{more}. "
            "Say whether such features are to be taken as the scenario has them, or left as they are."
        )


class BusyScenarioError(QuyhoachError):
    """Others read or edit a scenario while it is to be dropped or changed in its layout."""

    def __init__(self, name: str, waited_s: float) -> None:
        super().__init__(
            f"{name!r} is being read or edited by others and was not free within {waited_s:g} s; "
            "try again when they have left it."
        )


class BaselineEditError(QuyhoachError):
    """An edit of a scenario is asked for where the baseline is seen."""

    def __init__(self) -> None:
        super().__init__(
            "The baseline is changed by loading a delivery, not by edits; open a scenario and edit the city seen in it."
        )


class NoFeatureError(QuyhoachError):
    """A feature is to be changed that the scenario does not have."""

    def __init__(self, layer: Layer, uid: int, scenario: str) -> None:
        super().__init__(f"The layer {layer.name} has no feature {uid} in the scenario {scenario!r}.")


class UnchangedFeatureError(QuyhoachError):
    """A feature is to be restored that the scenario does not change."""

    def __init__(self, layer: Layer, uid: int, scenario: str) -> None:
        super().__init__(f"{scenario!r} changes no feature {uid} of the layer {layer.name}; there is nothing to undo.")


class UnknownColumnError(QuyhoachError):
    """A feature is given a value for a column its layer does not have."""

    def __init__(self, layer: Layer, name: str, known: Sequence[str]) -> None:
        near = get_close_matches(name, known, n=1, cutoff=0.5)
        hint = f"the nearest name is {near[0]}" if near else f"there are {', '.join(known)}"
        super().__init__(f"The layer {layer.name} has no column {name[:_SHOWN]!r}; {hint}.")


class UnfitValueError(QuyhoachError):
    """A value that its column does not take."""

    def __init__(self, column: Column, value: object, wanted: str) -> None:
        given = "nothing" if value is None else repr(str(value)[:_SHOWN])
        super().__init__(f"{column.name} = {given} is refused; it is {wanted}.")


class EndsEarlyError(QuyhoachError):
    """A feature that is to cease to hold before it begins."""

    def __init__(self, layer: Layer) -> None:
        super().__init__(
            f"A feature of {layer.name} would cease to hold before it begins: valid_to, the first day on which it no "
            "longer holds, is before valid_from."
        )


class UnfitGeometryError(QuyhoachError):
    """A geometry that its layer does not take."""

    def __init__(self, layer: Layer, reason: str) -> None:
        super().__init__(
            f"The geometry is refused: {reason}; the layer {layer.name} takes a valid {layer.geometry.value}, "
            "which is stored in metres of EPSG:5899."
        )
