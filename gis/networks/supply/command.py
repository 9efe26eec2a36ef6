"""`quyhoach epanet`: networks of water supply from EPANET files into the layers, and out of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console

from gis import opening
from gis.networks.supply.errors import InpError
from gis.networks.supply.model import Model, model
from gis.schema import BASELINE
from gis.wording import words_in
from layers.model import Horizon

if TYPE_CHECKING:
    from gis.networks.supply.loading import Loaded

epanet = typer.Typer(
    name="epanet",
    help="Water supply as EPANET files (.inp): into the layers node and pipe, and out of them, without loss.",
    epilog=(
        "`quyhoach epanet load city.inp --crs EPSG:5899 --scenario wider`, then `quyhoach ask water_pressure "
        "--scenario wider`, then `quyhoach epanet export out.inp --scenario wider`. Patterns, curves, controls, rules: "
        "what the layers do not hold stays in the text of the file, which is kept beside them. A question takes a file "
        "as it is, too: `quyhoach ask water_pressure network=city.inp`."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)

_Mode = Literal["append", "replace"]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_SHOWN = 6


@epanet.command()
def load(
    path: Annotated[Path, typer.Argument(help="EPANET file (.inp).")],
    *,
    crs: Annotated[str, typer.Option(help="Coordinate system of its coordinates; what the file names without.")] = "",
    scenario: Annotated[str, typer.Option(help="Scenario that is changed; the others see nothing of it.")] = BASELINE,
    mode: Annotated[
        Literal["append", "replace"], typer.Option(help="Beside what is there, or instead of it.")
    ] = "append",
    stage: Annotated[Horizon, typer.Option(help="From when on what it describes stands.")] = Horizon.EXISTING,
    as_json: AsJson = False,
) -> None:
    """Load a network into the layers node and pipe; its text is kept beside them."""
    from gis.networks.supply.loading import load_inp  # noqa: PLC0415 - geopandas, which exports do without

    with opening.city(scenario=scenario) as city:
        loaded = load_inp(city, path, crs=crs, mode=mode, stage=stage)
    if as_json:
        faults = {each.kind.name: list(each.codes) for each in loaded.faults}
        reports = [each.as_dict() for each in loaded.reports]
        said = {"crs": loaded.crs, "reports": reports, "faults": faults, "beside": list(loaded.beside)}
        typer.echo(json.dumps(said, ensure_ascii=False, indent=2, default=str))
        return
    _show(loaded)


def _show(loaded: Loaded) -> None:
    console = Console(highlight=False)
    for report in loaded.reports:
        console.print(report)
    if loaded.beside:
        console.print(f"kept in its own text, as the layers do not hold it: {', '.join(loaded.beside)}", markup=False)
    for fault in loaded.faults:
        some = ", ".join(fault.codes[:_SHOWN]) + (" …" if len(fault.codes) > _SHOWN else "")
        grade = "error" if fault.kind.is_error else "remark"
        console.print(f"{grade}: {words_in(fault.kind.title, 'en')}: {len(fault.codes):,} ({some})", markup=False)


@epanet.command()
def export(
    path: Annotated[Path, typer.Argument(help="File to write (.inp).")],
    *,
    horizon: Annotated[Horizon, typer.Option(help="When the city is looked at.")] = Horizon.EXISTING,
    scenario: Annotated[str, typer.Option(help="Scenario whose network is written.")] = BASELINE,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file that stands there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write the network as it is seen; of a network that was loaded, what did not change stays letter for letter."""
    refuse_path(path, overwrite=overwrite)
    with opening.city(horizon=horizon, scenario=scenario) as city:
        found = model(city)
    path.write_bytes(with_crs(found).encode(found.inp.encoding))
    network = found.network
    said = {"path": str(path), "nodes": len(network.nodes), "links": len(network.links)}
    notes = [words_in(note, "en") for note in found.notes]
    if as_json:
        typer.echo(json.dumps({**said, "notes": notes}, ensure_ascii=False, indent=2))
        return
    typer.echo(f"{said['nodes']:,} nodes and {said['links']:,} links (horizon {horizon.value}) → {path}")
    for note in notes:
        typer.echo(note)


class StandsThereError(InpError):
    """A file that would be overwritten, or a place where none can be written."""


def refuse_path(path: Path, *, overwrite: bool) -> None:
    """Raise StandsThereError where a file cannot be written."""
    if path.exists() and not overwrite:
        raise StandsThereError(str(path), "it stands there; say --overwrite to replace it")
    if not path.parent.is_dir():
        raise StandsThereError(str(path), "there is no such folder")


def with_crs(found: Model) -> str:
    """Return the text of a file whose coordinates say in which system they are."""
    if found.inp.crs or not found.crs:
        return found.inp.text
    return found.inp.headed("COORDINATES", f";CRS {found.crs}").text
