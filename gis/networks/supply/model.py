"""A network with the file that is simulated: of the city's layers, or of an EPANET file that was given."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gis.answering import file_named
from gis.db import City
from gis.networks.supply.errors import InpError, NoNetworkError
from gis.networks.supply.faults import Checked, checked
from gis.networks.supply.inp import MOST_BYTES, Inp, number, parsed
from gis.networks.supply.kept import kept_file
from gis.networks.supply.laying import laid
from gis.networks.supply.merging import merged
from gis.networks.supply.network import Network, Texts, texts
from gis.networks.supply.reading import network_of
from gis.networks.supply.repair import Repair, joints, repaired
from gis.networks.supply.stored import Stored
from gis.networks.supply.writing import figure, written
from layers.model import Words

_INLINE = ("[", ";")
_LONGEST_NAME = 200


@dataclass(frozen=True)
class Model:
    """A network that was looked over, and the EPANET file that says all of it.

    Parameters
    ----------
    inp : the file; `node_ids` and `link_ids` are what its nodes and links are called in it.
    argument : how the network is named again where the question is repeated.
    repairs : what was mended, since it was asked for.
    notes : what is to be known of it; `day` what is to be known of its demand through the day.
    from_file : whether it is of a file, and not of the layers.
    crs : coordinate system of the file's coordinates; empty where it is not known.
    """

    checked: Checked
    inp: Inp
    node_ids: Texts
    link_ids: Texts
    argument: str
    repairs: tuple[Repair, ...]
    notes: tuple[Words, ...]
    from_file: bool
    day: tuple[Words, ...] = ()
    crs: str = ""

    @property
    def network(self) -> Network:
        """The network itself."""
        return self.checked.network


def model(city: City, *, network: str = "", crs: str = "", repair_m: float = 0.0) -> Model:
    """Return the network a question is about.

    Parameters
    ----------
    network : an EPANET file (.inp), its path or its text; the layers of the city where it is empty.
    crs : coordinate system of the file's coordinates, such as EPSG:5899; what the file names where none is given.
    repair_m : parts that hang together with no source are joined to what lies so near; 0 mends nothing.

    Raises
    ------
    NoNetworkError, InpError, FileRefusedError
        When there is no network, or the file cannot be read.
    """
    found = _of_file(network, crs) if network.strip() else _of_layers(city)
    return mended(found, within_m=repair_m) if repair_m > 0 else found


def _of_file(given: str, crs: str) -> Model:
    inp, argument = read_inp(given)
    network = network_of(inp, crs=crs)
    if not len(network.nodes):
        raise NoNetworkError(inp.name)
    notes = [_units_said(inp)]
    if strange := inp.unknown_sections:
        listed = ", ".join(strange)
        notes.append(Words(f"Mục EPANET không biết: {listed}", f"Sections that EPANET does not know: {listed}"))
    if not (crs or inp.crs):
        notes.append(
            Words(
                "Tệp không nêu hệ tọa độ: không vẽ bản đồ (cho biết bằng crs=EPSG:…)",
                "The file names no coordinate system: nothing is drawn on a map (say crs=EPSG:…)",
            )
        )
    return Model(
        checked(network),
        inp,
        network.nodes.code,
        network.links.code,
        argument,
        (),
        tuple(notes),
        from_file=True,
        crs=crs or inp.crs,
    )


def _units_said(inp: Inp) -> Words:
    said = f"{inp.name}: {inp.units.flow}, {inp.head_loss}"
    return Words(f"Mạng lấy từ tệp {said}", f"Network of the file {said}")


def read_inp(given: str) -> tuple[Inp, str]:
    """Return an EPANET file that is given by its path or as its text, and how it is named again.

    Raises
    ------
    InpError, FileRefusedError
        When there is no such file, or it is no EPANET file.
    """
    said = given.lstrip()
    if said.startswith(_INLINE):
        inp = parsed("inp", given)
        return inp, f"inp:{inp.digest}"
    path = file_named("network", given.strip())
    if len(path.name) > _LONGEST_NAME or not path.is_file():
        raise InpError(str(path)[:60], "there is no such file; give the path of an EPANET file (.inp), or its text")
    if path.stat().st_size > MOST_BYTES:
        raise InpError(path.name, f"it is larger than {MOST_BYTES // 1024**2} MB")
    return parsed(path.name, path.read_bytes()), given.strip()


def _of_layers(city: City) -> Model:
    stored = Stored.read(city)
    name = f"the city ({city.horizon.value}, {city.scenario})"
    if not len(stored.nodes) or not len(stored.pipes):
        raise NoNetworkError(name)
    found = laid(stored, name=name)
    kept = kept_file(city, stored)
    if kept is not None:
        whole = merged(kept, found, stored)
        network = whole.network
        notes = (_kept_said(kept.inp.name), *whole.notes)
        return Model(
            checked(network, more=found.found), whole.inp, network.nodes.code, network.links.code, "", (), notes,
            from_file=False, crs=kept.crs,
        )  # fmt: skip
    file = written(found, stored)
    return Model(
        checked(found.network, more=found.found), file.inp, file.node_ids, file.link_ids, "", (), (),
        from_file=False, day=(_CONSTANT,), crs=file.inp.crs,
    )  # fmt: skip


_CONSTANT = Words(
    "Các lớp không có biểu đồ dùng nước trong ngày: nhu cầu được coi là không đổi, bằng trung bình ngày; "
    "giờ cao điểm có áp lực thấp hơn",
    "The layers hold no pattern of the day: demand is taken as constant, at its daily mean; pressure is lower at peak",
)


def _kept_said(name: str) -> Words:
    return Words(
        f"Biểu đồ, đặc tuyến, điều khiển lấy từ tệp {name} đã nạp cùng các lớp",
        f"Patterns, curves and controls are those of {name}, which the layers were loaded from",
    )


def mended(found: Model, *, within_m: float) -> Model:
    """Return a model whose parts without a source are joined to what lies near, each by a pipe that is told.

    Raises
    ------
    RepairError
        When the distance is below 0 or above 50 m.
    """
    pairs = joints(found.network, joined=~found.checked.left_out, within_m=within_m)
    if not pairs:
        return found
    network, repairs = repaired(found.network, pairs)
    units = found.inp.units
    node_ids = [(found.node_ids[one], found.node_ids[other]) for one, other, _ in pairs]
    rough = figure(_usual_roughness(found.inp))
    lines = [
        f"{each.code} {start} {end} {figure(max(each.apart_m, 0.01) / units.length_m)} "
        f"{figure(each.diameter_m / units.diameter_m)} {rough} 0 Open"
        for each, (start, end) in zip(repairs, node_ids, strict=True)
    ]
    found_before = {fault.kind.name: fault.codes for fault in found.checked.faults if not fault.layer and fault.codes}
    return replace(
        found,
        checked=checked(network, more=found_before),
        inp=found.inp.extended("PIPES", lines),
        link_ids=np.concatenate([found.link_ids, texts([each.code for each in repairs])]),
        repairs=repairs,
    )


def _usual_roughness(inp: Inp) -> float:
    """Return the roughness that half of the pipes of a file do not exceed, in its own unit."""
    given = [number(inp, row, 5, "roughness") for row in inp.rows("PIPES")]
    return float(np.median(given)) if given else 100.0
