"""Items as a citizen meets them: rows of a list, and the guide in plain and in formal words."""

from __future__ import annotations

from typing import Any

import pytest

from contract.items import Fee, Material, ServiceItem
from kiosk.items import guide_view, item_row, popular_rows


@pytest.mark.parametrize(
    ("changed", "language", "line", "badge", "tone"),
    [
        ({}, "zh", "约 6 分钟 · 当场办结 · 免费", "可以办", "good"),
        ({}, "en", "about 6 min · done on the spot · free", "Available", "good"),
        ({"project_type": "2"}, "zh", "约 6 分钟 · 5 个工作日 · 免费", "可以办", "good"),
        ({"at_terminal": False}, "zh", "人社局", "看指南", "plain"),
    ],
)
def test_rows(changed: dict[str, Any], language: str, line: str, badge: str, tone: str, item: ServiceItem) -> None:
    row = item_row(ServiceItem.model_validate(item.model_dump() | changed), language)
    assert (row.line, row.badge, row.tone) == (line, badge, tone)


def test_a_fee_is_said_and_a_printer_that_cannot_print(item: ServiceItem) -> None:
    fee = item.guide.model_copy(update={"fee": Fee(charged=True, standard="10 元")})
    assert "收费" in item_row(item.model_copy(update={"guide": fee}), "zh").line
    out = item_row(item, "zh", printable=False)
    assert (out.badge, out.tone) == ("暂不能打印", "care")
    # an item that prints nothing does not mind
    assert item_row(item.model_copy(update={"result": None}), "zh", printable=False).badge == "可以办"


def test_popular_items_in_the_release_s_order_and_no_more_than_three(item: ServiceItem) -> None:
    ranked = [item.model_copy(update={"task_code": f"T-{rank}", "popular_rank": rank}) for rank in (4, 0, 2, 3, 1)]
    assert [row.code for row in popular_rows(ranked, "zh", True)] == ["T-1", "T-2", "T-3"]


def test_the_guide_in_plain_words(item: ServiceItem) -> None:
    guide = guide_view(item, "参社保", "plain", "zh")
    assert guide.place == "参社保 · 人社局" and guide.paragraphs == ("自己也可以交。",)
    assert guide.facts == (("要多久", "当场办结"), ("花多少钱", "不收费"), ("能否代办", "可以"))
    assert [(row.name, row.badge, row.tone) for row in guide.materials] == [
        ("身份证", "不用另交", "good"),
        ("户口簿信息", "不用交", "good"),
        ("照片", "现在拍", "plain"),
    ]


def test_the_guide_in_formal_words_leaves_out_what_is_not_known(item: ServiceItem) -> None:
    formal = guide_view(item, "参社保", "formal", "zh").paragraphs
    assert [line.split("  ")[0] for line in formal] == [
        "受理条件",
        "办理流程",
        "设定依据",
        "法定时限（工作日）",
        "实施编码",
    ]
    assert formal[3].endswith("20") and formal[-1].endswith("T-1")


def test_a_material_that_may_follow_later_says_so(item: ServiceItem) -> None:
    later = Material.model_validate(item.materials[-1].model_dump() | {"when": []})
    guide = guide_view(item.model_copy(update={"materials": [later]}), "", "plain", "zh")
    assert [row.badge for row in guide.materials] == ["可以后补"]
    assert guide_view(item, "", "plain", "en").facts[2] == ("By someone else", "Yes")
