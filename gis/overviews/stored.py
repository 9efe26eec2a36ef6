"""Shares and patches in the database: read, and put in the place of those that stood there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any  # psycopg's connections are generic over the rows they return

import numpy as np
import shapely
import zstandard
from psycopg import Connection

from gis.overviews.blocks import PIXELS, Block
from gis.overviews.mosaic import mosaic
from gis.overviews.patches import patches
from gis.overviews.shares import Pixels, Share
from gis.statements import statements
from layers.model import Horizon, Layer

_SQL = Path(__file__).with_suffix(".sql")
_BYTES = PIXELS * PIXELS * np.dtype("<f4").itemsize


def stored_shares(connection: Connection[Any], layer: Layer, blocks: Sequence[Block]) -> dict[Block, list[Share]]:
    """Read the shares of blocks of one level; a block without any is not among them."""
    if not blocks:
        return {}
    asked = {
        "layer": layer.name,
        "level": blocks[0].level,
        "columns": [block.column for block in blocks],
        "rows": [block.row for block in blocks],
    }
    found: dict[Block, list[Share]] = {}
    for column, row, code, horizons, area_m2, features, pixels in connection.execute(
        statements(_SQL)["shares"].sql(), asked, binary=True
    ):
        share = Share(code, tuple(map(Horizon, horizons)), area_m2, features, _unpacked(pixels))
        found.setdefault(Block(blocks[0].level, column, row), []).append(share)
    return found


def store(connection: Connection[Any], layer: Layer, block: Block, shares: Sequence[Share]) -> None:
    """Put shares, and the patches that are drawn from them, in the place of those a block had."""
    place = _place(layer, block)
    for name in ("remove_shares", "remove_patches"):
        connection.execute(statements(_SQL)[name].sql(), place)
    with connection.cursor() as cursor:
        cursor.executemany(statements(_SQL)["add_share"].sql(), [place | _entry(share) for share in shares])
        cursor.executemany(statements(_SQL)["add_patch"].sql(), [place | patch for patch in _drawn(shares, block)])


def _place(layer: Layer, block: Block) -> dict[str, object]:
    return {"layer": layer.name, "level": block.level, "column": block.column, "row": block.row}


def _entry(share: Share) -> dict[str, object]:
    return {
        "code": share.code,
        "horizons": [horizon.value for horizon in share.horizons],
        "area_m2": share.area_m2,
        "features": share.features,
        "pixels": zstandard.compress(share.pixels.astype("<f4").tobytes(), level=1),
    }


def _unpacked(packed: bytes) -> Pixels:
    pixels = np.frombuffer(zstandard.decompress(packed, max_output_size=_BYTES), "<f4")
    return pixels.reshape(PIXELS, PIXELS).astype(np.float32)


def _drawn(shares: Sequence[Share], block: Block) -> Iterator[dict[str, object]]:
    """Draw the patches of a block; horizons at which the same is seen have them in common."""
    alike: dict[tuple[int, ...], list[Horizon]] = {}
    for horizon in Horizon:
        seen = tuple(number for number, share in enumerate(shares) if horizon in share.horizons)
        alike.setdefault(seen, []).append(horizon)
    for seen, horizons in alike.items():
        yield from _drawn_at(horizons, [shares[number] for number in seen], block)


def _drawn_at(horizons: Sequence[Horizon], shares: Sequence[Share], block: Block) -> Iterator[dict[str, object]]:
    if not shares:
        return
    codes = list(dict.fromkeys(share.code for share in shares))
    areas = np.zeros((len(codes), PIXELS, PIXELS))
    for share in shares:
        areas[codes.index(share.code)] += share.pixels
    for number, shape in zip(*patches(mosaic(areas), block), strict=True):
        own = [share for share in shares if share.code == codes[number]]
        yield {
            "horizons": [horizon.value for horizon in horizons],
            "code": codes[number],
            "area_m2": sum(share.area_m2 for share in own),
            "features": sum(share.features for share in own),
            "shape": shapely.to_wkb(shape),
        }
