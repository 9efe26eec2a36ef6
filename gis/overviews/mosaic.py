"""A mosaic: each use gets as many pixels as it has area, at the places where it is densest."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gis.overviews.blocks import PIXELS

NOTHING = -1
"""A pixel that no use has."""
_SIDE = 8
"""Pixels on a side of a neighbourhood, in which the areas of the uses are balanced."""
_ACROSS = PIXELS // _SIDE
_SIZE = _SIDE * _SIDE

Shares = npt.NDArray[np.float64]
"""What each use covers of each pixel, 1 being all of it: uses × 64 × 64. More than 1 in all where features overlap."""
Mosaic = npt.NDArray[np.int16]
"""Number of the use that has each pixel: 64 × 64."""


def mosaic(shares: Shares) -> Mosaic:
    """Give every pixel to one use or to none.

    In each neighbourhood of 8 × 8 pixels a use gets its area there, rounded to whole pixels; what rounding adds or
    takes is carried to the next neighbourhood, so that in the whole block each use is right to one pixel. Within a
    neighbourhood the densest pixels are given away first.
    """
    uses = len(shares)
    # Where features overlap they share the pixel.
    neighbourhoods = _by_neighbourhood(shares / np.maximum(shares.sum(axis=0), 1))
    with_nothing = np.concatenate([neighbourhoods, np.maximum(1 - neighbourhoods.sum(axis=0), 0)[None]])
    wanted = _whole(with_nothing.sum(axis=2))
    given = np.empty((_ACROSS * _ACROSS, _SIZE), np.int16)
    for number in range(_ACROSS * _ACROSS):
        given[number] = _given(with_nothing[:, number, :], wanted[:, number])
    given[given == uses] = NOTHING
    return given.reshape(_ACROSS, _ACROSS, _SIDE, _SIDE).transpose(0, 2, 1, 3).reshape(PIXELS, PIXELS)


def _by_neighbourhood(shares: Shares) -> npt.NDArray[np.float64]:
    """Return uses × neighbourhoods × pixels."""
    parted = shares.reshape(len(shares), _ACROSS, _SIDE, _ACROSS, _SIDE).transpose(0, 1, 3, 2, 4)
    return parted.reshape(len(shares), _ACROSS * _ACROSS, _SIZE)


def _whole(areas: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Round areas to whole pixels, all pixels of each neighbourhood given away; carry what is left to the next.

    Neighbourhoods are gone through to and fro, so that the next one always lies beside the last.
    """
    wanted = np.zeros(areas.shape, np.int64)
    carried = np.zeros(len(areas))
    for number in _to_and_fro():
        due = areas[:, number] + carried
        parts = np.where(areas[:, number] > 0, np.maximum(due, 0), 0)
        total = parts.sum()
        parts = parts * (_SIZE / total) if total > 0 else areas[:, number]
        whole = np.floor(parts).astype(np.int64)
        rest = np.argsort(whole - parts, kind="stable")[: _SIZE - whole.sum()]
        whole[rest] += 1
        wanted[:, number] = whole
        carried = due - whole
    _settle(wanted, carried, areas)
    return wanted


def _settle(wanted: npt.NDArray[np.int64], carried: npt.NDArray[np.float64], areas: npt.NDArray[np.float64]) -> None:
    """Give what is left in the end where there is room: while a use has more than a pixel too few or too many."""
    while max(carried.max(), -carried.min()) > 1:
        short, over = carried.argmax(), carried.argmin()
        room = np.where((wanted[over] > 0) & (areas[short] > 0), areas[short] - wanted[short], -np.inf)
        number = room.argmax()
        if room[number] == -np.inf:
            return
        wanted[[short, over], number] += [1, -1]
        carried[[short, over]] -= [1, -1]


def _to_and_fro() -> list[int]:
    rows = [[row * _ACROSS + column for column in range(_ACROSS)] for row in range(_ACROSS)]
    return [number for row, numbers in enumerate(rows) for number in (numbers if row % 2 == 0 else numbers[::-1])]


def _given(shares: npt.NDArray[np.float64], wanted: npt.NDArray[np.int64]) -> npt.NDArray[np.int16]:
    """Give the pixels of one neighbourhood away, the densest first, to each use as many as it is due."""
    present = np.flatnonzero(wanted)
    if len(present) == 1:
        return np.full(_SIZE, present[0], np.int16)
    left = wanted[present].tolist()
    pixels: list[int] = [-1] * _SIZE
    covered = shares[present].ravel()
    ranked = np.argsort(-covered, kind="stable")[: np.count_nonzero(covered)].tolist()
    for place in ranked:
        use, pixel = divmod(place, _SIZE)
        if left[use] and pixels[pixel] < 0:
            pixels[pixel] = use
            left[use] -= 1
    rest = iter([use for use, count in enumerate(left) for _ in range(count)])
    return present[[use if use >= 0 else next(rest) for use in pixels]].astype(np.int16)
