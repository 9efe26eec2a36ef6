"""How sure a figure of law or plan is: what was read to know it."""

from __future__ import annotations

from enum import StrEnum

from layers.model import Words


class Certainty(StrEnum):
    """What was read, the surest first."""

    VERBATIM = "verbatim"
    TRANSCRIPT = "transcript"
    REGISTERED = "registered"
    SECONDARY = "secondary"
    DERIVED = "derived"
    INFERRED = "inferred"
    ASSUMED = "assumed"

    @property
    def words(self) -> Words:
        """The same in both languages."""
        return _WORDS[self]

    def __or__(self, other: Certainty) -> Certainty:
        """Return the less sure of two: what rests on both is no surer."""
        return max(self, other, key=list(Certainty).index)


_WORDS = {
    Certainty.VERBATIM: Words("đọc nguyên văn trong văn bản", "read in the instrument itself"),
    Certainty.TRANSCRIPT: Words("đọc nguyên văn trong bản chép của bên thứ ba", "read in a third party's transcript"),
    Certainty.REGISTERED: Words("theo lớp dữ liệu đã nạp của đồ án", "from the layers of the plan as they were loaded"),
    Certainty.SECONDARY: Words("theo nguồn thuật lại văn bản", "from a page that restates the instrument"),
    Certainty.DERIVED: Words("tính từ các số liệu có nguồn", "arithmetic on sourced figures"),
    Certainty.INFERRED: Words("suy đoán từ bản chép không trọn vẹn", "inferred from an incomplete transcript"),
    Certainty.ASSUMED: Words(
        "quy ước của hệ thống này, không phải quy định", "a convention of this system, not a rule of law"
    ),
}
