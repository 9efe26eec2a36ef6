"""Whether open channels carry what outfalls let into them.

What comes from land outside of all catchments is not known: a channel may be found too small, and never large enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gis.findings import Outcome
from gis.networks.drainage.channels import Channels
from gis.networks.drainage.joining import line_ends
from gis.networks.drainage.loads import Carried, Loads
from gis.networks.drainage.network import Network
from gis.networks.drainage.tracing import WAY_OUT, Lines, Origin, lines_of, trace
from layers.model import Words

_S_OF_MIN = 60
_NO_CAPACITY = Words(
    "Chưa tính được khả năng tải: thiếu kích thước, hệ số nhám hoặc cao độ đáy, hoặc dốc ngược",
    "What it carries cannot be said: size, roughness or inverts are missing, or it falls the wrong way",
)
_OTHER_LAND = Words(
    "Ngoài nước từ các cửa xả, chưa rõ lượng nước từ phần đất khác chảy vào kênh",
    "Besides what outfalls bring, it is not known what other land lets into the channel",
)


@dataclass(frozen=True, slots=True)
class ChannelLoad:
    """A channel (its place): what it carries to its banks, the least that comes, from how many outfalls and land."""

    channel: int
    full_m3_s: float | None
    full_m_s: float | None
    flow_least: float | None
    outfalls: int
    area_m2: float
    outcome: Outcome
    reason: Words | None


def channel_loads(network: Network, channels: Channels, found: Carried, loads: Loads) -> Iterator[ChannelLoad]:
    """Yield how each channel stands to what the outfalls upstream of its end bring.

    The time of concentration is that of the latest of them, with the way along the channel when it is full.
    """
    lines = lines_of(network, channels)
    full, velocity = channels.conduits.full_flow_m3_s, channels.conduits.full_velocity_m_s
    for channel in range(len(channels)):
        outfalls, away_m = _outfalls(lines, channels, channel)
        load, area = (float(values[outfalls].sum()) for values in (found.arrived.least, found.arrived.area))
        later = (
            away_m / velocity[channel] / _S_OF_MIN if np.isfinite(velocity[channel]) else np.full(len(away_m), np.nan)
        )
        time = float((found.arrived.time[outfalls] + later).max(initial=0.0))
        timed = bool(found.arrived.timed[outfalls].all()) and np.isfinite(time)
        flow = None
        if loads.flow is not None and (timed or not loads.is_timed):
            flow = float(loads.flow(np.array([load]), np.array([time]))[0]) if len(outfalls) else 0.0
        carries = float(full[channel]) if np.isfinite(full[channel]) else None
        fails = carries is not None and flow is not None and flow > carries
        yield ChannelLoad(
            channel,
            carries,
            float(velocity[channel]) if carries is not None else None,
            flow,
            len(outfalls),
            area,
            Outcome.FAIL if fails else Outcome.UNDECIDED,
            None if fails else _NO_CAPACITY if carries is None else _OTHER_LAND,
        )


def _outfalls(lines: Lines, channels: Channels, channel: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the outfalls that let water into a channel or into those above it, and how far from its end they are."""
    mine = np.flatnonzero(lines.of_channel & (lines.feature == channel))
    if not len(mine):
        return np.empty(0, dtype=np.int64), np.empty(0)
    last = int(mine[-1])
    _, ends = line_ends(channels.lines[[channel]])
    back = trace(lines, Origin("", None, last, None, 0.0, ends[0]), "upstream")
    ways_out = lines.kind[back.edges] == WAY_OUT
    return lines.start[back.edges[ways_out]], back.distance_m[ways_out]
