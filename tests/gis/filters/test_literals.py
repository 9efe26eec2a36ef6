"""Values of a filter that are not what they say they are."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.features import questioned_columns
from gis.features.system import STORED
from gis.filters.errors import FilterError
from gis.filters.parsing import Language
from gis.filters.translation import condition
from layers import LAYERS

PARCEL = LAYERS["parcel"]


@given(
    operator=st.sampled_from(
        ["=", "in", "between", "like", "isNull", "+", "casei", "s_within", "t_during", "and", "not"]
    ),
    args=st.lists(
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers()
            | st.floats()
            | st.text(max_size=3)
            | st.sampled_from(["..", "2030-01-01"]),
            lambda inner: (
                st.lists(inner, max_size=5)
                | st.dictionaries(
                    st.sampled_from(
                        ["bbox", "interval", "date", "timestamp", "property", "type", "coordinates", "op", "args"]
                    ),
                    inner
                    | st.lists(inner, min_size=4, max_size=4)
                    | st.sampled_from(["Point", "Polygon", "uid", "casei"]),
                    max_size=2,
                )
            ),
            max_leaves=12,
        )
        | st.sampled_from([{"property": "uid"}, {"property": "geometry"}, {"property": "valid_from"}]),
        max_size=3,
    ),
)
def test_whatever_json_is_a_condition_or_refused_with_a_sentence(operator: str, args: list[object]):
    with suppress(FilterError):
        condition(
            json.dumps({"op": operator, "args": args}),
            questioned_columns(PARCEL),
            language=Language.JSON,
            system=STORED,
        )


@pytest.mark.parametrize("side", ["a", None, [], [1], {}, True])
def test_a_side_of_a_box_is_a_number(side: object):
    tree = {"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": [side, 1, 2, 3]}]}
    with pytest.raises(FilterError, match=r"a side of a BBOX is a number|it is not cql2-json"):
        condition(json.dumps(tree), questioned_columns(PARCEL), language=Language.JSON)
