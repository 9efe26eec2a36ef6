"""What supply and drainage columns have in common."""

from __future__ import annotations

from layers.write import number, text, words

NAME = text("name", words("Tên", "Name"), words("Tên gọi", "Name in use"))
START_NODE = text(
    "start_node", words("Nút đầu", "Start node"), words("Mã nút tại điểm đầu", "Code of the node at the first vertex")
)
END_NODE = text(
    "end_node", words("Nút cuối", "End node"), words("Mã nút tại điểm cuối", "Code of the node at the last vertex")
)
CODE = text(
    "code", words("Mã", "Code"), words("Mã trong hồ sơ vận hành", "Code in the operator's records"), required=True
)
INVERTS = (
    number(
        "invert_start_m",
        words("Cao độ đáy đầu", "Invert at start"),
        words("Cao độ đáy tại điểm đầu, hệ Hòn Dấu", "Level of the bed at the first vertex, Hon Dau datum"),
        unit="m",
        minimum=-100,
        maximum=3000,
    ),
    number(
        "invert_end_m",
        words("Cao độ đáy cuối", "Invert at end"),
        words("Cao độ đáy tại điểm cuối, hệ Hòn Dấu", "Level of the bed at the last vertex, Hon Dau datum"),
        unit="m",
        minimum=-100,
        maximum=3000,
    ),
)
ROUGHNESS_N = number(
    "roughness_n",
    words("Hệ số nhám Manning", "Manning roughness"),
    words("Hệ số n của Manning", "Coefficient n of Manning"),
    unit="s/m^(1/3)",
    maximum=1,
)
