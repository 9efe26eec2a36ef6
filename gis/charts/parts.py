"""How a parcel is divided by the plan: one strip for each plan and horizon."""

from __future__ import annotations

from gis.charts.sheet import GREY, INK, SOFT, Chart, beside, finished, sheet
from gis.findings import Finding
from gis.wording import figure_in, share_in
from layers.kernel import HORIZONS
from layers.model import Words
from layers.zoning import PLAN_USES

_TITLE = Words("Thửa đất chia theo ô quy hoạch", "The parcel, divided by the zones of the plan")
_ROW_IN = 0.92
_READABLE_SHARE = 0.16


def parts(finding: Finding, *, title: Words = _TITLE) -> Chart:
    """Draw the finding of `parcel_extract`: what of the parcel lies in which zone, under each plan at each horizon."""
    table = finding.table_named("planned_use")
    wanted = ("plan", "horizon", "use_code", "use", "area_m2", "share")
    strips: dict[tuple[str, str], list[tuple[str, Words, float, float]]] = {}
    for plan, horizon, code, use, area_m2, share in zip(*map(table.column, wanted), strict=True):
        if isinstance(use, Words) and isinstance(area_m2, float) and isinstance(share, float) and share > 0:
            strips.setdefault((str(plan), str(horizon)), []).append((str(code), use, area_m2, share))
    with sheet(title, height_in=_ROW_IN * len(strips), left_in=2.35, right_in=0.3) as axes:
        axes.set_xlim(0, 1)
        axes.set_ylim(-len(strips) + 0.5, 0.5)
        for row, ((plan, horizon), pieces) in enumerate(strips.items()):
            at_horizon = HORIZONS.named(horizon)
            beside(axes, Words(at_horizon.title.vi if at_horizon else horizon, plan), -row)
            begin = 0.0
            for code, use, area_m2, share in pieces:
                found = PLAN_USES.named(code)
                color = (found.color if found else None) or GREY
                axes.barh(-row + 0.12, share, left=begin, height=0.42, color=color, edgecolor="white", linewidth=1.5)
                if share >= _READABLE_SHARE:
                    said = f"{figure_in(round(area_m2), 'vi')} m², {share_in(share, 'vi')}"
                    axes.text(begin + 0.008, -row - 0.2, use.vi, size=9, color=INK, va="center")
                    axes.text(begin + 0.008, -row - 0.37, said, size=8.2, color=SOFT, va="center")
                begin += share
    return finished(axes, title)
