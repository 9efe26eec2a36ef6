"""Three parcels placed by hand, and which of them a filter means."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import psycopg
import pytest
from psycopg import sql

from gis.db import City, seen_at
from gis.features import questioned_columns
from gis.features.system import STORED, System
from gis.filters.parsing import Language
from gis.filters.translation import condition
from layers import LAYERS
from layers.model import Horizon
from tests.gis.hand import database, put, square

PARCEL = LAYERS["parcel"]


@pytest.fixture(scope="module")
def parcels(server_url: str, template: str) -> Iterator[City]:
    """A and B share a side of 100 m at 550 100 m east; C lies 800 m further east."""
    with database(server_url, template) as url, psycopg.connect(url, autocommit=True) as connection:
        put(
            connection,
            "parcel",
            square(550_000, 1_778_000, 100),
            parcel_number="A",
            land_use_code="ODT",
            area_legal_m2=100,
            frontage_m=5,
            map_sheet="Đường Bạch Đằng",
            valid_from=date(2020, 1, 1),
            valid_to=date(2030, 1, 1),
            stage="existing",
        )
        put(
            connection,
            "parcel",
            square(550_100, 1_778_000, 100),
            parcel_number="B",
            land_use_code="LUA",
            area_legal_m2=250,
            map_sheet="duong bach dang",
            valid_from=date(2030, 1, 1),
            stage="existing",
        )
        last = square(551_000, 1_778_000, 100)
        put(connection, "parcel", last, parcel_number="C", land_use_code="TMD", map_sheet="50%_x", stage="existing")
        yield seen_at(connection, Horizon.EXISTING)


def meant(city: City, text: str, language: Language = Language.TEXT, system: System = STORED) -> str:
    """Return the numbers of the parcels that a filter means."""
    wanted = condition(text, questioned_columns(PARCEL), language=language, system=system)
    query = sql.SQL("SELECT parcel_number FROM parcel WHERE {} ORDER BY uid").format(wanted.sql)
    return "".join(number for (number,) in city.connection.execute(query, wanted.values))
