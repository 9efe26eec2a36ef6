"""A delivery is loaded: one file into one layer, in one transaction, with every row accounted for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing, nullcontext
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from gis.ahead import ahead
from gis.db import City
from gis.errors import UnknownLayerError
from gis.intake import folder
from gis.intake.archive import expanded
from gis.intake.boundary import boundary
from gis.intake.choosing import OSM_MAPPING, Confirm, chosen_mapping, given_tables, used_unless_in_doubt
from gis.intake.errors import NothingStorableError
from gis.intake.folder import Account
from gis.intake.formats import recognised
from gis.intake.given import given_file
from gis.intake.guess import Uid
from gis.intake.mapping import Mapping, mapping_file
from gis.intake.opening import OSM_FORMATS, opened_source
from gis.intake.pipeline import Watch
from gis.intake.placing import placed
from gis.intake.refused import RefusedRows
from gis.intake.report import Report
from gis.intake.run import Run, Task
from gis.intake.source import Source
from gis.intake.storing import Mode
from layers import LAYERS
from layers.model import Layer

_IN_FRONT = 512


def _unwatched(_rows: int) -> None:
    return


def _unheard(_account: Account) -> None:
    return


@dataclass(frozen=True, slots=True)
class Manner:
    """How a load goes about it, apart from what it loads.

    Parameters
    ----------
    dry_run
        Check everything and store nothing.
    confirm
        Shown a guessed mapping, says whether to use it; by default only where nothing is in doubt.
    watch
        Told now and then how many rows of the file have been dealt with.
    expect
        Told once how many rows the file says it has, 0 where only reading tells.
    report_dir
        Folder for the report as JSON and the refused rows as GeoPackage.
    names_uid
        A column `uid` of the file names features as this system does, though the file is no export of it; without a
        mapping, and where rows are held against what is stored.
    account
        Told at the end what became of a file, each refused row among it; also where none could be stored.
    """

    dry_run: bool = False
    confirm: Confirm = used_unless_in_doubt
    watch: Watch = _unwatched
    expect: Watch = _unwatched
    report_dir: Path | None = None
    names_uid: bool = False
    account: Callable[[Account], None] = _unheard


@dataclass(frozen=True, slots=True)
class _Order:
    layer: Layer
    mapping: Mapping | Path | None
    mode: Mode
    crs: str | None
    source_layer: str | None
    manner: Manner


def load(
    city: City,
    path: str | Path,
    *,
    layer: str,
    mapping: Mapping | Path | None = None,
    mode: Mode | str = Mode.APPEND,
    crs: str | None = None,
    source_layer: str | None = None,
    manner: Manner | None = None,
) -> Report:
    """Load a file into a layer, in one transaction: all of it that is fit, or nothing.

    Each row is read, renamed, repaired and checked as the layer declares, and then stored or refused with its reason.
    While it lasts readers see the old state; a load that is interrupted leaves it as it was. In a city that sees a
    scenario the rows become changes of that scenario, and `replace` stores only what differs: features that are not in
    the file are removed, those with another uid, or none, are new.

    Parameters
    ----------
    mapping
        What columns and values mean: a mapping, a file, the name of a shipped one; guessed by name without one.
    mode
        append; replace (the old rows move to the history); upsert (by `uid` or by the key of the layer).
    crs
        Coordinate system of the file, where it declares none or a wrong one.
    source_layer
        Which layer of a file that holds several.

    Raises
    ------
    UnknownLayerError
        When there is no such layer.
    IntakeError
        When the delivery cannot be loaded as a whole; each kind says what would be right.
    """
    (report,) = load_layers(
        city,
        path,
        layers=(layer,),
        mapping=mapping,
        mode=mode,
        crs=crs,
        source_layer=source_layer,
        manner=manner,
    )
    return report


def load_layers(
    city: City,
    path: str | Path,
    *,
    layers: Sequence[str],
    mapping: Mapping | Path | None = None,
    mode: Mode | str = Mode.APPEND,
    crs: str | None = None,
    source_layer: str | None = None,
    manner: Manner | None = None,
) -> tuple[Report, ...]:
    """Load a file into several layers, as `load` does into one, in one transaction: into all of them, or into none.

    They are loaded, and reported, in the order of their declaration, so that two loads never wait for each other.
    """
    for layer in layers:
        if layer not in LAYERS:
            raise UnknownLayerError(layer, LAYERS)
    told = manner or Manner()
    orders = [
        _Order(LAYERS[name], mapping, Mode(mode), crs, source_layer, told) for name in LAYERS if name in set(layers)
    ]
    given = given_file(path)
    with ExitStack() as kept:
        with city.connection.transaction() if len(orders) > 1 else nullcontext():
            done = [_carried_out(city, given, order, kept.enter_context(RefusedRows())) for order in orders]
        for each in done:
            told.account(each)
        if told.report_dir is not None:
            folder.write(told.report_dir, done)
        return tuple(each.report for each in done)


def _carried_out(city: City, path: Path, order: _Order, refused: RefusedRows) -> Account:
    given = order.mapping
    tables = given_tables(given) if isinstance(given, Path) else {}
    encoding = given.encoding if isinstance(given, Mapping) else tables.get("encoding")
    asked = order.source_layer or (given.source_layer if isinstance(given, Mapping) else tables.get("source_layer"))
    with expanded(path) as inner:
        delivered = recognised(inner)
        if delivered.format in OSM_FORMATS and given is None:
            tables = mapping_file(OSM_MAPPING)
        with opened_source(delivered, order.layer, tables, source_layer=asked, encoding=encoding) as opened:
            source = replace(opened, path=path)
            chosen = chosen_mapping(
                source, order.layer, given, tables, order.manner.confirm, uid=_meaning_of_uid(order)
            )
            return _loaded(city, source, chosen, order, refused)


def _meaning_of_uid(order: _Order) -> Uid:
    if order.mode is Mode.APPEND:
        return Uid.FOREIGN
    return Uid.OURS if order.manner.names_uid else Uid.OF_EXPORTS


def _loaded(city: City, source: Source, mapping: Mapping, order: _Order, refused: RefusedRows) -> Account:
    manner = order.manner
    if manner.report_dir is not None:
        folder.provide(manner.report_dir, source.path.name, order.layer.name)
    # The reader keeps to one thread from its first row to its last: GDAL holds settings by thread.
    with closing(ahead(source.batches())) as batches:
        manner.expect(source.rows or 0)
        area, first = boundary(city.connection), next(batches)
        where = placed(source, first, order.crs or mapping.crs, area)
        # A few rows go in front, so that the server is at work while the many behind them are checked.
        parts = [first] if len(first) <= _IN_FRONT else [first.slice(0, _IN_FRONT), first.slice(_IN_FRONT)]
        every = chain(parts, batches)
        run = Run(Task(city, source, order.layer, order.mode, mapping, where, area, every, manner.watch), refused)
        crs = where.transformation.source
        try:
            return Account(run.rehearsed() if manner.dry_run else run.stored(), refused, crs)
        except NothingStorableError as nothing:
            account = Account(nothing.report, refused, crs)
            manner.account(account)
            if manner.report_dir is not None:
                folder.write(manner.report_dir, [account])
            raise
