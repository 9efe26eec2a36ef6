"""The scenario that an address names: it is there, or there is nothing at the address."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from api.deps import Database
from api.refusals import NoScenarioError
from gis.db import City
from gis.features import public_layer
from gis.lineage import ScenarioNameError, UnknownScenarioError
from gis.scenarios.errors import ReservedNameError
from gis.scenarios.register import is_reserved
from layers.model import Layer


@dataclass(frozen=True, slots=True)
class Place:
    """A layer of a scenario, as an address names them."""

    scenario: str
    layer: Layer


def _place(name: str, layer: str) -> Place:
    return Place(name, public_layer(layer))


Here = Annotated[Place, Depends(_place)]
"""The layer is one that everyone may see; whether the scenario is open is found out when it is written."""


@contextmanager
def there() -> Generator[None]:
    """Take a name that is no open scenario's for an address where nothing is, while the block runs.

    Raises
    ------
    NoScenarioError
        In the place of the refusals of the name.
    """
    try:
        yield
    except (ScenarioNameError, ReservedNameError, UnknownScenarioError) as unknown:
        raise NoScenarioError(str(unknown)) from None


@contextmanager
def written(database: Database, name: str) -> Generator[City]:
    """Lend the city that sees the scenario of an address, to be written; NoScenarioError where there is none."""
    with there():
        if is_reserved(name):
            raise ReservedNameError(name)
        with database.writing(name) as city:
            yield city
