"""What may be asked of scenarios, and what may be done with them: every address, its parameters and what it answers."""

from __future__ import annotations

from functools import partial

from api.negotiation import JSON
from api.ogc.operation import COMMON, Operation, page
from api.scenarios.bodies import GEOJSON_TYPES, PATCH_TYPES
from api.scenarios.deliveries import KINDS
from layers.model import Words

_ONE = "/scenarios/{scenarioName}"
_LAYER = f"{_ONE}/collections/{{collectionId}}"
_FEATURE = f"{_LAYER}/items/{{featureId}}"

SCENARIOS: tuple[Operation, ...] = (
    Operation(
        "/scenarios",
        "scenarios",
        "scenarios",
        Words("Các kịch bản đang mở", "The open scenarios"),
        page("scenarios"),
        COMMON,
    ),
    Operation(
        _ONE,
        "scenario",
        "scenarios",
        Words("Một kịch bản và những gì nó thay đổi", "A scenario and what it changes"),
        page("scenario"),
        (*COMMON, "against_scenario"),
    ),
)
"""What is read."""

_written = partial(Operation, tag="scenarios", is_secured=True)

WRITTEN: tuple[Operation, ...] = (
    _written(
        "/scenarios",
        "open_scenario",
        summary=Words("Mở một kịch bản", "Open a scenario"),
        answers={},
        method="POST",
        body="newScenario",
        created="scenario",
    ),
    _written(
        _ONE,
        "drop_scenario",
        summary=Words("Bỏ một kịch bản và mọi thay đổi của nó", "Drop a scenario with all it changes"),
        answers={},
        method="DELETE",
        empty=True,
    ),
    _written(
        f"{_ONE}/merge",
        "merge_scenario",
        summary=Words("Gộp một kịch bản vào nơi nó được mở từ đó", "Merge a scenario into what it was opened from"),
        answers={JSON.type: "merged"},
        method="POST",
        body="merge",
        body_optional=True,
    ),
    _written(
        f"{_LAYER}/items",
        "add_features",
        summary=Words("Thêm đối tượng vào kịch bản", "Add features to a scenario"),
        answers={},
        parameters=("Content-Crs",),
        method="POST",
        body="sentFeatures",
        sent=GEOJSON_TYPES,
        created="addedFeatures",
    ),
    _written(
        _FEATURE,
        "replace_feature",
        summary=Words("Thay một đối tượng bằng đối tượng khác", "Put a feature in the place of another"),
        answers={},
        parameters=("Content-Crs",),
        empty=True,
        method="PUT",
        body="sentFeature",
        sent=GEOJSON_TYPES,
    ),
    _written(
        _FEATURE,
        "change_feature",
        summary=Words("Sửa một phần của đối tượng", "Change a feature in part"),
        answers={},
        parameters=("Content-Crs",),
        empty=True,
        method="PATCH",
        body="sentFeature",
        sent=PATCH_TYPES,
    ),
    _written(
        _FEATURE,
        "remove_feature",
        summary=Words("Bỏ một đối tượng khỏi kịch bản", "Remove a feature from a scenario"),
        answers={},
        empty=True,
        method="DELETE",
    ),
    _written(
        f"{_FEATURE}/restore",
        "restore_feature",
        summary=Words("Hoàn lại một đối tượng", "Undo what a scenario does to a feature"),
        answers={},
        empty=True,
        method="POST",
    ),
    _written(
        f"{_LAYER}/changes",
        "load_changes",
        summary=Words("Nạp một tệp thay đổi vào kịch bản", "Load a file of changes into a scenario"),
        answers={JSON.type: "loaded"},
        parameters=("mode", "key", "crs_file", "source-layer", "dry-run"),
        method="POST",
        body="binary",
        sent=tuple(KINDS),
    ),
)
"""What is done, with the token of the service alone."""
