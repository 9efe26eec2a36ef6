"""The parameters by which features are asked for: what each means and may be, said once."""

from __future__ import annotations

from dataclasses import dataclass, field

from api.limits import MOST_ADDRESS_BYTES
from gis.features import SYSTEMS, public_layers, questioned_columns
from gis.filters.parsing import Language
from gis.schema import BASELINE
from layers.model import Column, Horizon, Layer, Words

MOST_FEATURES = 10_000
"""Features on the largest page; an answer to a larger `limit` is no page, and streams."""
MOST_STREAMED = 10**9
"""The largest `limit`; what is larger counts as this."""
MOST_ON_A_PAGE = 500
"""Features on the largest page that is HTML."""
USUAL_FEATURES = 100
"""Features on a page where nobody says."""
LONGEST_FILTER = MOST_ADDRESS_BYTES - len(f"/collections/{min(public_layers(), key=len)}/items?filter=")
"""Letters of the longest filter that an address can hold: nothing beside it, and each letter one byte."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a query: its name, its meaning, and its schema as OpenAPI writes it."""

    name: str
    meaning: Words
    schema: dict[str, object] = field(default_factory=lambda: {"type": "string"})

    def described(self, language: str = "en") -> dict[str, object]:
        """Return it as OpenAPI writes it."""
        return {
            "name": self.name,
            "in": "query",
            "required": False,
            "style": "form",
            "explode": False,
            "description": self.meaning.vi if language == "vi" else self.meaning.en,
            "schema": self.schema,
        }


_SYSTEM: dict[str, object] = {"type": "string", "format": "uri", "enum": [system.uri for system in SYSTEMS]}
_NAMES: dict[str, object] = {"type": "array", "items": {"type": "string"}}

F = Parameter("f", Words("Định dạng trả lời; hơn cả Accept", "Representation of the answer; before Accept"))
LANG = Parameter(
    "lang", Words("Ngôn ngữ; hơn cả Accept-Language", "Language; before Accept-Language"), {"enum": ["vi", "en"]}
)
HORIZON = Parameter(
    "horizon",
    Words("Mốc thời gian của thành phố", "Horizon at which the city is seen"),
    {"type": "string", "enum": list(Horizon), "default": Horizon.EXISTING.value},
)
SCENARIO = Parameter(
    "scenario",
    Words("Kịch bản của thành phố", "Scenario in which the city is seen"),
    {"type": "string", "default": BASELINE, "maxLength": 40},
)
CRS = Parameter(
    "crs",
    Words("Hệ tọa độ của câu trả lời", "Coordinate system of the answer"),
    {**_SYSTEM, "default": SYSTEMS[0].uri},
)
PROPERTIES = Parameter("properties", Words("Chỉ trả các thuộc tính này", "Only these attributes are shown"), _NAMES)

OF_ONE_FEATURE = (CRS, PROPERTIES, HORIZON, SCENARIO, F, LANG)
"""The parameters of one feature."""

OF_FEATURES = (
    Parameter(
        "limit",
        Words(
            "Số đối tượng tối đa trong câu trả lời; không có thì một trang, hoặc tất cả với jsonseq, csv, fgb, "
            f"parquet. GeoJSON quá {MOST_FEATURES} không chia trang; trang HTML có nhiều nhất {MOST_ON_A_PAGE}; "
            f"số quá {MOST_STREAMED} tính là {MOST_STREAMED}",
            "Most features in the answer; without it a page, or all of them as jsonseq, csv, fgb, parquet. "
            f"More than {MOST_FEATURES} as GeoJSON come as one answer without pages; a page of HTML has "
            f"{MOST_ON_A_PAGE} at most; more than {MOST_STREAMED} counts as {MOST_STREAMED}",
        ),
        {"type": "integer", "minimum": 1, "maximum": MOST_STREAMED, "default": USUAL_FEATURES},
    ),
    Parameter(
        "bbox",
        Words("Khung bao bốn số, hoặc sáu số có cao độ", "A box of four numbers, or of six with heights"),
        {
            "type": "array",
            "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
            "items": {"type": "number"},
        },
    ),
    Parameter("bbox-crs", Words("Hệ tọa độ của khung bao", "Coordinate system of the box"), _SYSTEM),
    Parameter(
        "datetime",
        Words(
            "Ngày hoặc khoảng thời gian có hiệu lực: 2030-12-31, 2025-01-01/.., 2025-01-01/P5Y. Thời điểm được hiểu là "
            "ngày tại Đà Nẵng (UTC+7); valid_to là ngày đầu tiên không còn hiệu lực; để trống là không giới hạn",
            "A day, an instant or an interval on which features hold: 2030-12-31, 2025-01-01/.., 2025-01-01/P5Y. An "
            "instant is the day it falls on in Đà Nẵng (UTC+7); valid_to is the first day on which a feature no longer "
            "holds; what is empty is open",
        ),
    ),
    Parameter("sortby", Words("Thứ tự: +a,-b", "The order: +a,-b; what is not known comes last"), _NAMES),
    Parameter(
        "filter",
        Words(
            f"Bộ lọc CQL2; cả địa chỉ dài nhất {MOST_ADDRESS_BYTES} byte, tính như khi gửi đi. Thời điểm so với ngày "
            "là ngày tại Đà Nẵng (UTC+7); INTERVAL(valid_from, valid_to) là những ngày có hiệu lực, như trong "
            "datetime: không gồm ngày valid_to, để trống là không giới hạn",
            f"A filter in CQL2; the whole address has at most {MOST_ADDRESS_BYTES} bytes, as it is sent. An instant "
            "beside a day is the day it falls on in Đà Nẵng (UTC+7); INTERVAL(valid_from, valid_to) are the days on "
            "which a feature holds, as in datetime: without valid_to itself, and open where one of them is empty",
        ),
        {"type": "string", "maxLength": LONGEST_FILTER},
    ),
    Parameter(
        "filter-lang",
        Words("Cách viết bộ lọc", "How the filter is written"),
        {"type": "string", "enum": list(Language), "default": Language.TEXT.value},
    ),
    Parameter("filter-crs", Words("Hệ tọa độ trong bộ lọc", "Coordinate system inside the filter"), _SYSTEM),
    Parameter(
        "count",
        Words("Có nêu tổng số hay không", "Whether the answer says how many features there are"),
        {"type": "boolean", "default": True},
    ),
    Parameter("bookmark", Words("Nơi trang trước kết thúc", "Where the page before ended, as its link `next` says")),
    *OF_ONE_FEATURE,
)
"""The parameters of a layer's features; besides them each column is one, unless its name is taken."""

NAMES = frozenset(parameter.name for parameter in OF_FEATURES)


def asked_columns(layer: Layer) -> dict[str, Column]:
    """Return the columns of a layer that are parameters, by name."""
    return {name: column for name, column in sorted(questioned_columns(layer).items()) if name not in NAMES}
