"""Names made by combination: streets, wards, schools. None stands for a real place of the city."""

from __future__ import annotations

import unicodedata

import numpy as np

_FIRST = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý",
    "Đinh", "Trịnh", "Mai", "Cao", "Lương", "Tô", "Hà", "Thái", "Châu", "Đoàn",
)  # fmt: skip
_MIDDLE = (
    "Văn", "Hữu", "Đình", "Quang", "Công", "Thị", "Xuân", "Bá", "Đức", "Khắc", "Minh", "Thế", "Duy", "Huy",
    "Ngọc",
)  # fmt: skip
_LAST = (
    "An", "Bình", "Cường", "Dũng", "Giang", "Hải", "Hòa", "Hưng", "Khánh", "Lâm", "Long", "Mẫn", "Nam", "Phong",
    "Phú", "Quân", "Sơn", "Tâm", "Thành", "Thạch", "Trí", "Tùng", "Vinh", "Xuyên", "Yên", "Kiên", "Nhân", "Lộc",
    "Thọ", "Đạt",
)  # fmt: skip
_PLACE_FIRST = (
    "An", "Bình", "Hòa", "Phước", "Thanh", "Tân", "Xuân", "Mỹ", "Khuê", "Thạch", "Nam", "Đông", "Hải", "Long",
    "Vĩnh",
)  # fmt: skip
_PLACE_LAST = (
    "Sơn", "Hải", "Khê", "Hòa", "Thuận", "Lộc", "Châu", "Giang", "Phú", "Mỹ", "Tiến", "Thọ", "Bắc", "Nam",
    "Vân", "Xuân",
)  # fmt: skip


def street_names(count: int, rng: np.random.Generator) -> list[str]:
    """Return names of streets, each once while the combinations last, then numbered."""
    return _combined((_FIRST, _MIDDLE, _LAST), count, rng)


def place_names(count: int, rng: np.random.Generator) -> list[str]:
    """Return names of wards and quarters, each once while the combinations last, then numbered."""
    return _combined((_PLACE_FIRST, _PLACE_LAST), count, rng)


def _combined(parts: tuple[tuple[str, ...], ...], count: int, rng: np.random.Generator) -> list[str]:
    total = int(np.prod([len(part) for part in parts]))
    picks = rng.permutation(total)
    names: list[str] = []
    for number in range(count):
        rest, words = int(picks[number % total]), []
        for part in parts:
            rest, place = divmod(rest, len(part))
            words.append(part[place])
        again = number // total
        repeated = len(set(words)) < len(words)
        names.append(" ".join(dict.fromkeys(words)) + (f" {again + 1}" if again or repeated else ""))
    return names


def plain(name: str) -> str:
    """Return a name without diacritics."""
    flat = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in flat if not unicodedata.combining(letter))
