"""What is wrong with the records of the drains, and where water could not go the way they are drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

import shapely

from gis.answering import told
from gis.db import City
from gis.findings import Feature, Finding, Heading, Look, Quantity, Subject, Table
from gis.networks.drainage.faults import Fault, Kind
from gis.networks.drainage.inlets import catching
from gis.networks.drainage.joining import NEAR_M, joining_faults
from gis.networks.drainage.levels import DROP_M, level_faults
from gis.networks.drainage.network import Network
from gis.networks.drainage.parts import Parts
from gis.planning.places import Place, place
from layers import LAYERS
from layers.model import Words

_TITLE = Words("Kiểm tra dữ liệu mạng thoát nước", "Check of the drainage network")
_MOST_LISTED = 1_000
_JOINING = Look(Words("Nối sai hoặc thiếu nút", "Joined wrongly, or a node is missing"), "#c22f2f")
_LEVELS = Look(Words("Cao độ sai", "Levels that cannot be"), "#e0a040")
_UNKNOWN = Look(Words("Thiếu số liệu", "Values missing"), "#8f6fb2")
_REMARK = Look(Words("Nên xem lại", "Worth a look"), "#6f8f9f")
_LEVEL_KINDS = frozenset(
    {Kind.ADVERSE_SLOPE, Kind.FLAT, Kind.INVERT_ABOVE_COVER, Kind.CROWN_ABOVE_COVER, Kind.BELOW_FLOOR, Kind.STEP_UP}
)
_UNKNOWN_KINDS = frozenset(
    {
        Kind.SHAPE_UNKNOWN,
        Kind.SIZE_UNKNOWN,
        Kind.SIZE_ZERO,
        Kind.ROUGHNESS_UNKNOWN,
        Kind.INVERT_UNKNOWN,
        Kind.GROUND_UNKNOWN,
    }
)


def drainage_faults(
    city: City, *, system: Literal["storm", "sanitary", "all"] = "all", within: str = "city"
) -> Finding:
    """Check the drains: do sewers lead where they say, can water follow their levels, does all of it come out.

    Sewers are joined to manholes and outfalls by the codes they name; an end that is drawn more than 1 m from its node
    is told. Nothing is repaired, and nothing missing is guessed. A part of the network without an outfall is one fault,
    about the first of its sewers.

    Parameters
    ----------
    system : sewers of storm water, of wastewater, or all; combined ones are of both.
    within : the place: `city`, `ward:CODE`, `plan:CODE`, or a polygon as GeoJSON in longitude and latitude.

    Returns
    -------
    Finding
        Tables `kinds`, the number of faults of each kind, and `faults`, the first of them, with their measure in m.

    Raises
    ------
    PlaceError
        When there is no such place.
    """
    where = place(city, within)
    network = Network.read(city, system)
    parts = Parts(network)
    told(0.3)
    checks = (joining_faults(network), level_faults(network), parts.faults())
    found = [fault for check in checks for fault in check]
    if system != "sanitary":
        found += catching(city, network, parts).faults
    found = _within(found, where)
    listed = _listed(found)
    return Finding(
        question="drainage_faults",
        title=_TITLE,
        arguments={"system": system, "within": within},
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=_quantities(network, found, where),
        tables=(_kinds(found), _table(listed, len(found))),
        features=tuple(_features(listed)),
        notes=_notes(where),
    )


def _within(found: list[Fault], where: Place) -> list[Fault]:
    if where.geometry is None:
        return found
    shapely.prepare(where.geometry)
    return [each for each in found if where.geometry.intersects(each.place)]


def _listed(found: Sequence[Fault]) -> list[Fault]:
    """Return as many faults as are read, by kind; of a kind that there is too much of the first."""
    kinds = Counter(each.kind for each in found)
    share = max(1, _MOST_LISTED // max(len(kinds), 1))
    taken: Counter[Kind] = Counter()
    few: list[Fault] = []
    for each in sorted(found, key=lambda fault: (fault.kind.is_remark, list(Kind).index(fault.kind))):
        if taken[each.kind] < share or len(found) <= _MOST_LISTED:
            taken[each.kind] += 1
            few.append(each)
    return few


def _quantities(network: Network, found: Sequence[Fault], where: Place) -> tuple[Quantity, ...]:
    sewers = network.sewers
    km = float(sewers.length_m.sum()) / 1_000
    number = sum(not each.kind.is_remark for each in found)
    whole = (
        Quantity("sewers", Words("Số đoạn cống", "Sewers"), len(sewers), "objects"),
        Quantity("length_km", Words("Chiều dài cống", "Length of sewers"), km, "km"),
        Quantity("nodes", Words("Giếng và cửa xả", "Manholes and outfalls"), int(network.is_mine.sum()), "objects"),
    )
    return (
        *(whole if where.geometry is None else ()),
        Quantity("faults", Words("Lỗi", "Faults"), number, "1"),
        Quantity("remarks", Words("Điểm nên xem lại", "Worth a look"), len(found) - number, "1"),
    )


def _kinds(found: Sequence[Fault]) -> Table:
    headings = (
        Heading("fault", Words("Loại", "Kind")),
        Heading("number", Words("Số lượng", "Number")),
        Heading("largest_m", Words("Lớn nhất", "Largest"), "m"),
    )
    rows: list[tuple[Words, int, float | None]] = []
    for kind in Kind:
        mine = [each for each in found if each.kind is kind]
        measures = [each.measure_m for each in mine if each.measure_m is not None]
        if mine:
            rows.append((kind.words, len(mine), max(measures, default=None)))
    return Table("kinds", Words("Theo loại", "By kind"), headings, tuple(rows))


def _table(listed: Sequence[Fault], number: int) -> Table:
    headings = (
        Heading("fault", Words("Loại", "Kind")),
        Heading("layer", Words("Lớp", "Layer")),
        Heading("object", Words("Đối tượng", "Object")),
        Heading("uid", Words("Mã đối tượng", "Uid")),
        Heading("measure_m", Words("Mức độ", "Measure"), "m"),
        Heading("detail", Words("Chi tiết", "Detail")),
    )
    rows = tuple(
        (each.kind.words, LAYERS[each.layer].title, each.label, each.uid, each.measure_m, each.detail)
        for each in listed
    )
    said = "" if len(listed) == number else f" ({len(listed)}/{number})"
    return Table("faults", Words(f"Từng lỗi{said}", f"Fault by fault{said}"), headings, rows)


def _features(listed: Sequence[Fault]) -> Iterator[Feature]:
    for each in listed:
        properties = {"fault": each.kind.words.vi, "measure_m": each.measure_m}
        yield Feature(Subject(each.layer, each.label, each.uid), each.place, properties, _look(each.kind))


def _look(kind: Kind) -> Look:
    if kind.is_remark:
        return _REMARK
    return _LEVELS if kind in _LEVEL_KINDS else _UNKNOWN if kind in _UNKNOWN_KINDS else _JOINING


def _notes(where: Place) -> tuple[Words, ...]:
    return (
        where.label,
        Words(
            f"Đầu cống vẽ cách nút trên {NEAR_M:g} m và bậc chênh trên {DROP_M:g} m được nêu",
            f"Ends drawn more than {NEAR_M:g} m from their node, and drops of more than {DROP_M:g} m, are told",
        ),
    )
