"""One invented item and one invented person, as a release and a card would give them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from contract.identity import Person
from contract.items import ServiceItem


def words(zh: str, en: str = "") -> dict[str, str]:
    return {"zh": zh, "en": en}


ITEM: dict[str, Any] = {
    "task_code": "T-1",
    "catalog_code": "372014001000",
    "name": words("参保登记", "Registration"),
    "task_type": "20",
    "project_type": "1",
    "server_types": ["1"],
    "dept_name": words("人社局", "Social Security Bureau"),
    "dept_code": "11370299MB0X00100A",
    "theme": "work",
    "minutes": 6,
    "guide": {
        "plain": words("自己也可以交。", "You can pay it yourself."),
        "condition": "年满 16 周岁",
        "flow": "申请 → 受理",
        "law": "社会保险法",
        "legal_days": 20,
        "promise_days": 5,
    },
    "situations": [
        {
            "id": "household",
            "question": words("户口在哪里？", "Where is your household?"),
            "choices": [
                {"value": "local", "label": words("本市", "This city")},
                {"value": "other", "label": words("外省", "Elsewhere")},
            ],
        }
    ],
    "materials": [
        {"id": "card", "name": words("身份证", "ID card"), "way": "card"},
        {"id": "record", "name": words("户口簿信息", "Household record"), "way": "shared"},
        {"id": "photo", "name": words("照片", "Photograph"), "way": "scan"},
        {"id": "permit", "name": words("居住证", "Permit"), "way": "scan", "when": ["household=other"]},
        {"id": "later", "name": words("收据", "Invoice"), "way": "scan", "need": "3", "when": ["household=other"]},
    ],
    "form": "registration",
    "commitment": {"title": words("承诺书", "Commitment"), "paragraphs": [words("都是真的。", "It is true.")]},
    "result": {"name": words("证明", "Certificate"), "template": "certificate", "series": "CB"},
}


@pytest.fixture
def item() -> ServiceItem:
    return ServiceItem.model_validate(ITEM)


@pytest.fixture
def person() -> Person:
    return Person(
        name="王示例",
        number="37029919920318002X",
        sex="女",
        birth=date(1992, 3, 18),
        address="海湾市样板路17号",
    )
