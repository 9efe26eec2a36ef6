"""How deep a flood is, in words."""

from __future__ import annotations

from gis.findings.figures import said
from layers.model import Words


def depth(least_m: float | None, most_m: float | None) -> Words:
    """Return a class of depths; a bound that is not known is not made up."""
    if least_m is None and most_m is None:
        return Words("độ sâu chưa rõ", "depth not known")
    if most_m is None:
        return said("sâu từ {least} m trở lên", "{least} m deep or more", least=least_m or 0.0)
    if least_m is None:
        return said("sâu đến {most} m", "up to {most} m deep", most=most_m)
    return said("sâu {least}–{most} m", "{least}–{most} m deep", least=least_m, most=most_m)
