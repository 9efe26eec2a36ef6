"""The sources that findings rest on again and again."""

from __future__ import annotations

from gis.findings.source import Source
from gis.planning.plans import RegisteredPlan
from gis.standards import Edition
from layers import LAYERS
from layers.model import Words


def plan_source(plan: RegisteredPlan) -> Source:
    """Return a plan of the register as a source."""
    dated = f", {plan.decision_date.isoformat()}" if plan.decision_date else ""
    return Source(Words(plan.name, plan.name), f"{plan.reference}{dated}")


def standard_source(edition: Edition) -> Source:
    """Return an edition of the standards as a source."""
    reference = f"{edition.code}, {edition.instrument}; {edition.source}"
    return Source(edition.title, reference, edition.certainty, edition.source_note)


def layer_source(*names: str) -> Source:
    """Return layers of the city as a source."""
    titles = [LAYERS[name].title for name in names]
    vi, en = ", ".join(each.vi.lower() for each in titles), ", ".join(each.en.lower() for each in titles)
    return Source(Words(f"Lớp dữ liệu của thành phố: {vi}", f"Layers of the city: {en}"), ", ".join(names))
