"""Reports of the town, and of findings made up by hand."""

from __future__ import annotations

import pytest

from gis import assets


@pytest.fixture(scope="session", autouse=True)
def libraries() -> None:
    assets.bring()
