"""What a scenario changes: features added, removed and changed, their attributes, and hectares from use to use."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # an attribute is of the kind its column declares

import numpy as np
import shapely
from psycopg import sql
from shapely.geometry.base import BaseGeometry

from gis.answering import told, told_through
from gis.db import City
from gis.differences import difference, is_empty
from gis.errors import QuyhoachError
from gis.findings import NOT_APPLICABLE, Feature, Finding, Heading, Look, Quantity, Subject, Table
from gis.findings.table import Cell
from gis.lineage import held
from gis.overlay import Cover
from gis.scenarios.reach import Sight, sight
from gis.scenarios.register import scenarios
from gis.schema import BASELINE
from gis.statements import statements
from layers import LAYERS
from layers.land import LAND_USES
from layers.model import Layer, Words
from layers.zoning import PLAN_USES

_SQL = Path(__file__).with_suffix(".sql")
_TITLE = Words("Thay đổi của kịch bản", "What a scenario changes")
_MOST, _MOST_ROWS = 50_000, 2_000
_M2_OF_HA = 10_000
_SMALLEST_M2 = 0.005
_USES = {"parcel": "land_use_code", "land_use": "land_use_code", "zone": "plan_use"}
_KINDS = {
    "added": Look(Words("Thêm", "Added"), "#2f8f4f"),
    "changed": Look(Words("Sửa", "Changed"), "#d98a2b"),
    "removed": Look(Words("Bỏ", "Removed"), "#c22f2f"),
}
_NONE = Words("Không có", "None")
_NO_CODE = Words("Chưa rõ", "Unknown")
_GEOMETRY = Words("ranh giới", "geometry")
_KEPT_OUT = ("geom", "web_geom", "recorded_at", "delivery")


class TooManyChangesError(QuyhoachError):
    """A layer that differs in more features than can be compared one by one."""

    def __init__(self, layer: str) -> None:
        super().__init__(f"More than {_MOST:,} features of {layer} differ; `quyhoach scenario compare` counts them.")


def scenario_difference(city: City, *, scenario: str, against: str = BASELINE) -> Finding:
    """Say what a scenario adds, removes and changes against another, at the horizon the city is seen at.

    Land passes from use to use where features of both sights share ground; what lies in one alone passes from or to
    none.

    Parameters
    ----------
    scenario : name of the scenario.
    against : the scenario it is held against; the baseline where none is given.

    Returns
    -------
    Finding
        Tables `layers` (features by change), `uses` (ha from use to use, by layer) and `features` (what changed of
        each); the features themselves, as the scenario has them.

    Raises
    ------
    ScenarioNameError, UnknownScenarioError, TooManyChangesError
        When there is no such scenario, or too much differs.
    """
    with held(city.connection, scenario, against):
        titles = _titles(city)
        former, latter = (sight(city.connection, name, horizon=city.horizon) for name in (against, scenario))
        layers = tuple(LAYERS.values())
        changes = [
            change for layer in told_through(layers, end=0.5) for change in _changes(city, layer, former, latter)
        ]
    tables = (_layer_table(changes), _use_table(changes), _feature_table(changes))
    told(1.0)
    return Finding(
        question="scenario_difference",
        title=_TITLE,
        arguments={"scenario": scenario, "against": against},
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=tuple(_quantities(changes)),
        tables=tables,
        features=tuple(_features(changes)),
        notes=(
            Words(
                f"Kịch bản “{titles[scenario].vi}” so với “{titles[against].vi}”",
                f"Scenario “{titles[scenario].en}” against “{titles[against].en}”",
            ),
            *_shortened(len(changes)),
        ),
        argument_words={"scenario": titles[scenario], "against": titles[against]},
    )


def _titles(city: City) -> Mapping[str, Words]:
    """Return what each scenario is called."""
    called = {BASELINE: Words("Dữ liệu gốc", "The baseline")}
    for each in scenarios(city.connection):
        said = f"{each.title} ({each.name})" if each.title else each.name
        called[each.name] = Words(said, said)
    return called


@dataclass(frozen=True, slots=True)
class _Change:
    """One feature that differs: how, and what it was and is; None where it is not there."""

    layer: Layer
    uid: int
    change: str
    use_before: str | None
    use_after: str | None
    before: BaseGeometry | None
    after: BaseGeometry | None
    values: tuple[Mapping[str, Any], Mapping[str, Any]]

    @property
    def changed_columns(self) -> list[Words]:
        """Titles of what changed of it, the geometry included."""
        first, second = self.values
        titles = [each.title for each in self.layer.columns if first.get(each.name) != second.get(each.name)]
        same = self.before is not None and self.after is not None and shapely.equals_identical(self.before, self.after)
        return titles if same else [*titles, _GEOMETRY]


def _changes(city: City, layer: Layer, former: Sight, latter: Sight) -> Iterator[_Change]:
    if is_empty(layer, former, latter):
        return
    query = statements(_SQL)["changes"].sql(
        difference=difference(layer, former, latter),
        former=former.table(layer),
        latter=latter.table(layer),
        use=sql.Identifier(_USES.get(layer.name, "source")),
    )
    rows = city.connection.execute(query, {"most": _MOST + 1}).fetchall()
    if len(rows) > _MOST:
        raise TooManyChangesError(layer.name)
    for uid, change, use_before, use_after, before, after, values_before, values_after in rows:
        old, new = (None if wkb is None else shapely.from_wkb(bytes(wkb)) for wkb in (before, after))
        plain = tuple(
            {name: value for name, value in (values or {}).items() if name not in _KEPT_OUT}
            for values in (values_before, values_after)
        )
        yield _Change(layer, uid, change, use_before, use_after, old, new, (plain[0], plain[1]))


def _shortened(number: int) -> tuple[Words, ...]:
    """Say where not every feature stands in the table."""
    if number <= _MOST_ROWS:
        return ()
    said = f"{_MOST_ROWS}/{number}"
    return (Words(f"Bảng từng đối tượng chỉ nêu {said}", f"The table of features lists {said} of them"),)


def _quantities(changes: Sequence[_Change]) -> Iterator[Quantity]:
    counts = Counter(change.change for change in changes)
    for kind, look in _KINDS.items():
        yield Quantity(kind, look.title, counts[kind], "objects")


def _layer_table(changes: Sequence[_Change]) -> Table:
    headings = (
        Heading("layer", Words("Lớp", "Layer")),
        *(Heading(kind, look.title) for kind, look in _KINDS.items()),
    )
    counts = Counter((change.layer.name, change.change) for change in changes)
    names = dict.fromkeys(change.layer.name for change in changes)
    rows = tuple((LAYERS[name].title, *(counts[name, kind] for kind in _KINDS)) for name in names)
    return Table("layers", Words("Theo lớp", "By layer"), headings, rows)


def _use_table(changes: Sequence[_Change]) -> Table:
    headings = (
        Heading("layer", Words("Lớp", "Layer")),
        Heading("before", Words("Từ", "From")),
        Heading("before_title", Words("Chức năng trước", "Use before")),
        Heading("after", Words("Sang", "To")),
        Heading("after_title", Words("Chức năng sau", "Use after")),
        Heading("area_ha", Words("Diện tích", "Area"), "ha"),
    )
    rows: list[tuple[Cell, ...]] = []
    for name in told_through(tuple(_USES), begin=0.5, end=0.9):
        mine = [change for change in changes if change.layer.name == name]
        listed = sorted(_passed(mine).items(), key=lambda pair: -pair[1])
        rows += [
            (LAYERS[name].title, *_named(first), *_named(second), area_m2 / _M2_OF_HA)
            for (first, second), area_m2 in listed
            if area_m2 >= _SMALLEST_M2
        ]
    return Table("uses", Words("Chuyển chức năng", "Land from use to use"), headings, tuple(rows))


_Use = str | Words | None


def _passed(changes: Sequence[_Change]) -> Mapping[tuple[_Use, _Use], float]:
    """Return how much ground passes from which use to which, in m²; from or to none where one sight has nothing."""
    first = [(change.use_before, change.before) for change in changes if change.before is not None]
    second = [(change.use_after, change.after) for change in changes if change.after is not None]
    areas: defaultdict[tuple[_Use, _Use], float] = defaultdict(float)
    before, after = (np.array([shape for _, shape in side], dtype=object) for side in (first, second))
    left_m2, new_m2 = np.asarray(shapely.area(before)), np.asarray(shapely.area(after))
    if len(before) and len(after):
        shared = Cover(after).shared(before)
        left_m2 = left_m2 - np.bincount(shared.features, shared.shared_m2, len(before))
        new_m2 = new_m2 - np.bincount(shared.areas, shared.shared_m2, len(after))
        for number, (old, new) in enumerate(zip(shared.features.tolist(), shared.areas.tolist(), strict=True)):
            areas[first[old][0], second[new][0]] += float(shared.shared_m2[number])
    for (use, _), area_m2 in zip(first, left_m2.tolist(), strict=True):
        areas[use, _NONE] += max(0.0, area_m2)
    for (use, _), area_m2 in zip(second, new_m2.tolist(), strict=True):
        areas[_NONE, use] += max(0.0, area_m2)
    return areas


def _named(use: _Use) -> tuple[str | Words | None, Words]:
    if isinstance(use, Words):
        return NOT_APPLICABLE, use
    code = LAND_USES.named(use) or PLAN_USES.named(use)
    return use, code.title if code else _NO_CODE


def _feature_table(changes: Sequence[_Change]) -> Table:
    headings = (
        Heading("layer", Words("Lớp", "Layer")),
        Heading("uid", Words("Mã đối tượng", "Uid")),
        Heading("change", Words("Thay đổi", "Change")),
        Heading("what", Words("Nội dung thay đổi", "What changed")),
        Heading("area_before_m2", Words("Diện tích trước", "Area before"), "m²"),
        Heading("area_after_m2", Words("Diện tích sau", "Area after"), "m²"),
    )
    rows = tuple(
        (
            *(change.layer.title, change.uid, _KINDS[change.change].title, _what(change)),
            *map(_area_m2, (change.before, change.after)),
        )
        for change in changes[:_MOST_ROWS]
    )
    return Table("features", Words("Từng đối tượng", "Feature by feature"), headings, rows)


def _area_m2(shape: BaseGeometry | None) -> Cell:
    """Return the area of a feature where it is there and is one."""
    return NOT_APPLICABLE if shape is None or not shape.area else float(shape.area)


def _what(change: _Change) -> Words:
    titles = change.changed_columns if change.change == "changed" else []
    if not titles:
        return NOT_APPLICABLE
    return Words(", ".join(each.vi for each in titles), ", ".join(each.en for each in titles))


def _features(changes: Sequence[_Change]) -> Iterator[Feature]:
    for change in changes:
        shape = change.after if change.after is not None else change.before
        if shape is not None:
            yield Feature(
                Subject(change.layer.name, str(change.uid), change.uid),
                shape,
                {"change": change.change},
                _KINDS[change.change],
            )
