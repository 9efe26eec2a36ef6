"""The data dictionary says what the declarations say."""

from gis.dictionary import PLACE, dictionary
from layers import LAYERS


def test_the_dictionary_is_current():
    assert PLACE.read_text(encoding="utf-8") == dictionary(), "run `quyhoach dictionary`"


def test_the_dictionary_names_every_layer_and_column():
    text = dictionary()
    for layer in LAYERS.values():
        assert f"### `{layer.name}`" in text
        for column in layer.columns:
            assert f"`{column.name}`" in text


def test_a_contradiction_between_sources_is_shown():
    assert "one list says #000000, another #fffffe" in dictionary()
