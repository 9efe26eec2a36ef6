"""Features of a scenario are added, changed, removed and restored, in the city that sees the scenario.

An edit holds at every horizon: a feature that is to go by 2030 gets `stage_end`, it is not removed. Each edit is stored
as one row beside the baseline, whole, however often the feature is edited again; the earlier ones are kept.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from psycopg import Connection, sql
from psycopg.rows import TupleRow
from shapely.geometry.base import BaseGeometry

from gis.db import City
from gis.lineage import UnknownScenarioError, lineage
from gis.scenarios.errors import BaselineEditError, EndsEarlyError, NoFeatureError, UnchangedFeatureError
from gis.scenarios.layout import change_table, lay_out, stored_layer
from gis.scenarios.values import Value, attributes_json, refuse_missing, stored_wkb
from gis.schema import BASELINE, stored_columns
from gis.statements import statements
from layers.model import Layer

_SQL = Path(__file__).with_suffix(".sql")


def add(city: City, layer: Layer, attributes: Mapping[str, Value], geometry: BaseGeometry) -> int:
    """Store a new feature and return its uid.

    Parameters
    ----------
    attributes
        Values by column; what is not named is left empty. The source is the scenario, where none is named.
    geometry
        In EPSG:5899.

    Raises
    ------
    BaselineEditError
        When the city is not seen in a scenario.
    UnknownColumnError, UnfitValueError, UnfitGeometryError, EndsEarlyError
        When something given does not fit the layer.
    """
    (uid,) = add_all(city, layer, [(attributes, geometry)])
    return uid


def add_all(city: City, layer: Layer, features: Iterable[tuple[Mapping[str, Value], BaseGeometry]]) -> tuple[int, ...]:
    """Store new features, all or none, as `add` does one, and return their uids in the same order."""
    new = [
        {
            "attributes": attributes_json(layer, whole_attributes(city, layer, attributes)),
            "geometry": stored_wkb(layer, geometry),
        }
        for attributes, geometry in features
    ]
    with _edited(city, layer) as edit:
        return tuple(uid for given in new for uid in edit.put("add", given))


def whole_attributes(city: City, layer: Layer, attributes: Mapping[str, Value]) -> dict[str, Value]:
    """Return all attributes of a new feature, its source too; UnfitValueError where a required one is missing."""
    whole: dict[str, Value] = {"source": f"scenario {city.scenario}", **attributes}
    refuse_missing(layer, whole)
    return whole


def change(
    city: City, layer: Layer, uid: int, attributes: Mapping[str, Value], *, geometry: BaseGeometry | None = None
) -> None:
    """Give a feature other values for some columns, or another geometry in EPSG:5899; the rest stays.

    Raises
    ------
    BaselineEditError
        When the city is not seen in a scenario.
    NoFeatureError
        When the scenario has no feature of that uid.
    UnknownColumnError, UnfitValueError, UnfitGeometryError, EndsEarlyError
        When something given does not fit the layer.
    """
    wkb = None if geometry is None else stored_wkb(layer, geometry)
    given = {"attributes": attributes_json(layer, attributes), "geometry": wkb, "uid": uid}
    with _edited(city, layer) as edit:
        if not edit.put("change", given):
            raise NoFeatureError(layer, uid, city.scenario)


def remove(city: City, layer: Layer, uid: int) -> None:
    """Take a feature out of the scenario, at every horizon; one that is the scenario's own is gone altogether.

    Raises
    ------
    BaselineEditError
        When the city is not seen in a scenario.
    NoFeatureError
        When the scenario has no feature of that uid.
    """
    with _edited(city, layer) as edit:
        if not edit.run("remove", {"uid": uid}):
            raise NoFeatureError(layer, uid, city.scenario)


def restore(city: City, layer: Layer, uid: int) -> None:
    """Undo what the scenario does to a feature: it is again as the parent shows it, or gone where it is new.

    Raises
    ------
    BaselineEditError
        When the city is not seen in a scenario.
    UnchangedFeatureError
        When the scenario does nothing to it.
    """
    with _edited(city, layer) as edit:
        if not edit.run("restore", {"uid": uid}):
            raise UnchangedFeatureError(layer, uid, city.scenario)


@dataclass(frozen=True, slots=True)
class _Edit:
    """The statements of an edit, with the tables and columns of its layer in their places."""

    layer: Layer
    connection: Connection[TupleRow]
    places: Mapping[str, sql.Composable]

    def run(self, name: str, given: Mapping[str, object]) -> list[TupleRow]:
        """Run a statement and return the uid it touched."""
        return self.connection.execute(statements(_SQL)[name].sql(**self.places), given).fetchall()

    def put(self, name: str, given: Mapping[str, object]) -> list[int]:
        """Run a statement that writes a feature and return the uid it touched; refuse what the feature became."""
        touched = self.run(name, given)
        if any(ends_early for _, ends_early in touched):
            raise EndsEarlyError(self.layer)
        return [int(uid) for uid, _ in touched]


@contextmanager
def _edited(city: City, layer: Layer) -> Generator[_Edit]:
    with city.connection.transaction():
        yield _Edit(layer, city.connection, _places(layer, made_ready(city, layer)))


def made_ready(city: City, layer: Layer) -> tuple[str, ...]:
    """Keep the scenario from being dropped until the transaction ends, and give it the tables of a layer.

    Returns
    -------
    tuple
        The scenarios of its lineage that change the layer, this one last.

    Raises
    ------
    BaselineEditError, UnknownScenarioError
        When the city is not seen in a scenario, or it has been dropped.
    """
    if city.scenario == BASELINE:
        raise BaselineEditError
    line = lineage(city.connection, city.scenario)
    if city.connection.execute(statements(_SQL)["keep"].sql(), {"name": city.scenario}).fetchone() is None:
        raise UnknownScenarioError(city.scenario, [])
    return lay_out(city.connection, layer, line)


def _places(layer: Layer, changing: tuple[str, ...]) -> dict[str, sql.Composable]:
    names = [column.name for column in stored_columns(layer)]
    comma = sql.SQL(", ")
    return {
        "change": change_table(layer, changing[-1]),
        "layer": stored_layer(layer, changing),
        "columns": comma.join(map(sql.Identifier, names)),
        "given": comma.join(sql.Identifier("given", name) for name in names),
    }
