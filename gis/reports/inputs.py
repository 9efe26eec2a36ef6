"""What went into a verdict, in words: the axes of the rules by their titles, what was measured by its own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from gis.findings import Verdict
from gis.reports.plain import plain
from gis.standards import terms
from gis.wording import measure_in, text_in, words_in
from layers.model import Words

_MEASURED: Mapping[str, tuple[Words, str]] = {
    "built_m2": (Words("Diện tích xây dựng", "Built area"), "m²"),
    "distance_m": (Words("Khoảng cách", "Distance"), "m"),
    "facilities": (Words("Số công trình", "Facilities"), ""),
    "floors_m2": (Words("Diện tích sàn", "Floor area"), "m²"),
    "have_m2": (Words("Hiện có", "There"), "m²"),
    "lot_m2": (Words("Diện tích lô đất", "Lot"), "m²"),
    "need_m2": (Words("Nhu cầu", "Needed"), "m²"),
    "norm_m2": (Words("Chỉ tiêu", "Norm"), "m²/person"),
    "other": (Words("Công trình bên cạnh", "The other building"), ""),
    "people": (Words("Dân số", "People"), "people"),
    "road_reserve": (Words("Lộ giới (mã đối tượng)", "Road reserve (uid)"), ""),
    "without_area": (Words("Công trình chưa rõ diện tích", "Facilities of unknown area"), ""),
}
"""Inputs that are no axis of a rule, with their units."""
_FIGURE = re.compile(r"\d[\d.,]*")
_SAME = 0.0006
"""Equations are written to three decimals."""


def inputs_in(verdict: Verdict, language: str) -> str:
    """Return the inputs of a verdict in a language, without those that its arithmetic shows already."""
    shown = [] if verdict.arithmetic is None else _figures(words_in(verdict.arithmetic, language), language)
    said = [
        f"{title_of(name, language)}: {_value(name, value, language)}"
        for name, value in verdict.inputs.items()
        if not _is_shown(value, shown)
    ]
    return plain("; ".join(said))


def title_of(name: str, language: str) -> str:
    """Return what an input is called; its own name where there are no words for it."""
    if name in _MEASURED:
        return words_in(_MEASURED[name][0], language)
    return words_in(terms()[name].title, language) if name in terms() else name


def _is_shown(value: float | str | None, shown: Sequence[float]) -> bool:
    """Return whether a number stands in an equation; zero may be any zero, and a text is not looked for."""
    return isinstance(value, (int, float)) and bool(value) and any(abs(abs(value) - each) <= _SAME for each in shown)


def _figures(text: str, language: str) -> list[float]:
    bare = [each.rstrip(".,") for each in _FIGURE.findall(text)]
    plain_ = [each.replace(".", "").replace(",", ".") if language == "vi" else each.replace(",", "") for each in bare]
    return [float(each) for each in plain_ if each.count(".") <= 1]


def _value(name: str, value: float | str | None, language: str) -> str:
    if isinstance(value, str):
        term = terms().get(name)
        code = None if term is None else term.codes.get(value)
        return text_in(value, language) if code is None else words_in(code, language)
    unit = _MEASURED[name][1] if name in _MEASURED else (terms()[name].unit or "") if name in terms() else ""
    return measure_in(value, unit, language)
