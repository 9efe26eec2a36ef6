"""Which mapping a load uses: the one given, the one shipped, or a guess that is shown first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any  # tables of a mapping file

from gis.intake.errors import AmbiguousGuessError, IntakeError, MappingError
from gis.intake.guess import Guess, Uid, guess
from gis.intake.mapping import Mapping, check_source, fitted, mapping, mapping_file
from gis.intake.source import Source
from layers.model import DATA, Layer

MAPPINGS = DATA / "mappings"
OSM_MAPPING = MAPPINGS / "osm.toml"

Confirm = Callable[[Guess, Layer], bool]
"""Shows a guess and says whether it is to be used."""


class GuessDeclinedError(IntakeError):
    """A guess that a person did not agree with."""

    def __init__(self) -> None:
        super().__init__("The guessed mapping was declined; nothing was loaded. Write one and give it with --map.")


def used_unless_in_doubt(found: Guess, _layer: Layer) -> bool:
    """Agree with a guess of which nothing is in doubt; for where nobody can be asked.

    Raises
    ------
    AmbiguousGuessError
        When something is in doubt.
    """
    if found.doubts:
        raise AmbiguousGuessError(found.doubts)
    return True


def given_tables(given: Path | None) -> dict[str, Any]:
    """Return the tables of a mapping file, by its path or by the name of one that is shipped; empty without one."""
    if given is None:
        return {}
    shipped = MAPPINGS / f"{given.name.removesuffix('.toml')}.toml"
    try:
        return mapping_file(shipped if not given.exists() and shipped.exists() else given)
    except OSError as error:
        raise MappingError(given.name[:100], error.strerror or str(error)) from error


def chosen_mapping(
    source: Source,
    layer: Layer,
    given: Mapping | Path | None,
    tables: dict[str, Any],
    confirm: Confirm,
    *,
    uid: Uid,
) -> Mapping:
    """Return the mapping to use, held against the columns the delivery has.

    Raises
    ------
    NoSuchColumnError, MappingError, AmbiguousGuessError, GuessDeclinedError
        When there is none that can be used.
    """
    if isinstance(given, Mapping):
        name = "the mapping"
        made = fitted(given, layer, name)
    elif tables:
        name = given.name if given is not None else OSM_MAPPING.name
        made = mapping(tables, layer, name)
    else:
        found = guess(layer, source.columns, source.path.name, uid=uid)
        if not confirm(found, layer):
            raise GuessDeclinedError
        return found.mapping
    check_source(made, source.columns, f"{source.path.name!r}, to which {name!r} is applied,")
    return made
