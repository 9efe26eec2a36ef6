"""Features that were sent are held against their layer and the city, and stored in a scenario: all of them, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from gis.db import City
from gis.errors import QuyhoachError
from gis.features import public_columns
from gis.scenarios.edits import add_all, change, whole_attributes
from gis.scenarios.errors import UnfitGeometryError, UnfitValueError, UnknownColumnError
from gis.scenarios.extent import outside
from gis.scenarios.geojson import Sent
from gis.scenarios.values import Value, attributes_json, read_values, stored_wkb
from layers.model import Layer

_MOST_NAMED = 10


class UnfitFeaturesError(QuyhoachError):
    """Features that do not fit their layer; none of those that were sent with them is stored either."""

    def __init__(self, wrong: Sequence[str]) -> None:
        more = f" And {len(wrong) - _MOST_NAMED} more." if len(wrong) > _MOST_NAMED else ""
        super().__init__(f"{' '.join(wrong[:_MOST_NAMED])}{more} Nothing was stored.")


@dataclass(frozen=True, slots=True)
class _Fit:
    """What is stored of a feature; without a geometry where that stays as it is."""

    attributes: dict[str, Value]
    geometry: BaseGeometry | None


def add_sent(city: City, layer: Layer, features: Sequence[Sent]) -> tuple[int, ...]:
    """Store new features and return their uids in the same order; a name they bear already is not kept.

    Raises
    ------
    UnfitFeaturesError
        When some do not fit, with all that is wrong.
    EndsEarlyError, BaselineEditError, UnknownScenarioError, BusyScenarioError
        As an edit does.
    """
    with city.connection.transaction():
        checked = _checked(city, layer, features, is_whole=True)
        return add_all(city, layer, [(each.attributes, each.geometry) for each in checked if each.geometry is not None])


def replace_by(city: City, layer: Layer, uid: int, sent: Sent) -> None:
    """Put a feature in the place of another: what it does not name is empty.

    Raises
    ------
    UnfitFeaturesError
        When it does not fit, or bears another uid.
    NoFeatureError
        When the scenario has no feature of that uid.
    EndsEarlyError, BaselineEditError, UnknownScenarioError, BusyScenarioError
        As an edit does.
    """
    _refuse_other_name(uid, sent)
    empty: dict[str, Value] = {column.name: None for column in public_columns(layer)}
    with city.connection.transaction():
        (whole,) = _checked(city, layer, [sent], is_whole=True)
        change(city, layer, uid, {**empty, **whole.attributes}, geometry=whole.geometry)


def change_by(city: City, layer: Layer, uid: int, sent: Sent) -> None:
    """Give a feature what another one names, attributes or geometry; the rest stays.

    Raises
    ------
    UnfitFeaturesError
        When something does not fit, nothing is named, or it bears another uid.
    NoFeatureError
        When the scenario has no feature of that uid.
    EndsEarlyError, BaselineEditError, UnknownScenarioError, BusyScenarioError
        As an edit does.
    """
    _refuse_other_name(uid, sent)
    if not sent.properties and sent.geometry is None:
        raise UnfitFeaturesError(["It names neither an attribute nor a geometry that is to change."])
    with city.connection.transaction():
        (part,) = _checked(city, layer, [sent], is_whole=False)
        change(city, layer, uid, part.attributes, geometry=part.geometry)


def _refuse_other_name(uid: int, sent: Sent) -> None:
    if sent.uid not in (None, uid):
        raise UnfitFeaturesError([f"It bears the id {sent.uid} and was sent to the place of feature {uid}."])


def _checked(city: City, layer: Layer, features: Sequence[Sent], *, is_whole: bool) -> list[_Fit]:
    """Return features as they are stored; UnfitFeaturesError with all that is wrong."""
    fit: dict[int, _Fit] = {}
    wrong: dict[int, str] = {}
    for place, each in enumerate(features, 1):
        try:
            fit[place] = _whole(city, layer, each) if is_whole else _part(layer, each)
        except (UnknownColumnError, UnfitValueError, UnfitGeometryError) as unfit:
            wrong[place] = str(unfit)
    placed = [(place, each.geometry) for place, each in fit.items() if each.geometry is not None]
    for found in outside(city.connection, layer, [geometry for _, geometry in placed]):
        place, geometry = placed[found]
        wrong[place] = _far(geometry)
    if wrong:
        is_one = len(features) == 1
        raise UnfitFeaturesError(
            [said if is_one else f"Feature {place}: {said}" for place, said in sorted(wrong.items())]
        )
    return list(fit.values())


def _whole(city: City, layer: Layer, sent: Sent) -> _Fit:
    whole = whole_attributes(city, layer, read_values(layer, sent.properties))
    if sent.geometry is None:
        raise UnfitGeometryError(layer, "there is none")
    return _fit(layer, whole, sent.geometry)


def _part(layer: Layer, sent: Sent) -> _Fit:
    return _fit(layer, read_values(layer, sent.properties), sent.geometry)


def _fit(layer: Layer, attributes: dict[str, Value], geometry: BaseGeometry | None) -> _Fit:
    attributes_json(layer, attributes)
    if geometry is not None:
        stored_wkb(layer, geometry)
    return _Fit(attributes, geometry)


def _far(geometry: BaseGeometry) -> str:
    west, south, *_ = geometry.bounds
    return (
        f"It lies outside of the city, at {west:,.0f} m east and {south:,.0f} m north in EPSG:5899; "
        "is its coordinate system the right one?"
    )
