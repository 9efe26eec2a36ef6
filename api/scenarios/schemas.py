"""Shapes of scenarios, of what is sent to them and of what is answered, as the definition describes them."""

from __future__ import annotations

from api.ogc.shapes import LINKS, TEXT, WHOLE, Schema, list_of, named, thing
from gis.scenarios.geojson import MOST_FEATURES
from gis.scenarios.merging import Conflicts

_NAME: Schema = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}$"}
_OPEN: Schema = {"type": "string", "nullable": True}
_COUNTS: dict[str, Schema] = {"added": WHOLE, "changed": WHOLE, "removed": WHOLE}
_ANY: Schema = {"type": "object", "additionalProperties": {}}
_OF_ONE: dict[str, Schema] = {
    "name": TEXT,
    "number": WHOLE,
    "title": _OPEN,
    "parent": TEXT,
    "note": _OPEN,
    "opened_at": {"type": "string", "format": "date-time"},
    "links": LINKS,
}

SCENARIOS: dict[str, Schema] = {
    "scenarios": thing(
        ["scenarios", "links"],
        scenarios=list_of(thing(["name", "parent"], **_OF_ONE, changed_layers=list_of(TEXT))),
        links=LINKS,
    ),
    "scenario": thing(
        ["name", "parent"], **_OF_ONE, against=TEXT, layers=list_of(thing(["layer"], layer=TEXT, **_COUNTS))
    ),
    "newScenario": thing(
        ["name"],
        name=_NAME,
        title={**_OPEN, "maxLength": 200},
        parent={**_OPEN, "default": "baseline"},
        note={**_OPEN, "maxLength": 10_000},
    ),
    "merge": thing(
        [], conflicts={"type": "string", "enum": [str(each) for each in Conflicts], "default": str(Conflicts.REFUSE)}
    ),
    "merged": thing(
        ["scenario", "parent", "layers"],
        scenario=TEXT,
        parent=TEXT,
        layers=list_of(thing(["layer"], layer=TEXT, **_COUNTS, left=WHOLE)),
    ),
    "sentFeature": thing(
        ["type"],
        type={"type": "string", "enum": ["Feature"]},
        id=WHOLE,
        geometry={"type": "object"},
        properties=_ANY,
    ),
    "sentFeatures": {
        "oneOf": [
            named("sentFeature"),
            thing(
                ["type", "features"],
                type={"type": "string", "enum": ["FeatureCollection"]},
                features={**list_of(named("sentFeature")), "minItems": 1, "maxItems": MOST_FEATURES},
            ),
        ]
    },
    "addedFeatures": thing(["uids"], scenario=TEXT, layer=TEXT, uids=list_of(WHOLE), links=LINKS),
    "loaded": thing(
        ["added", "changed", "removed", "unchanged", "refused", "refused_rows", "report"],
        scenario=TEXT,
        layer=TEXT,
        mode=TEXT,
        delivery={**WHOLE, "nullable": True},
        **_COUNTS,
        unchanged=WHOLE,
        refused=WHOLE,
        refused_rows=list_of(thing(["row", "reason", "message"], row=WHOLE, reason=TEXT, message=TEXT)),
        report=_ANY,
    ),
}
"""Each shape by the name operations use."""
