"""Forms made from the rows of a small workbook by pyxform, as operators' are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pyxform.xls2xform import convert

from kiosk.forms import Form

Row = dict[str, str]
XForm = Callable[..., bytes]
MakeForm = Callable[..., Form]


@pytest.fixture(scope="session")
def xform() -> XForm:
    """xform(row, …, choices=["list value", …]): the XForm of a survey's rows, `type name` being the key "q"."""

    def make(*rows: Row, choices: tuple[str, ...] = (), labels: dict[str, str] | None = None) -> bytes:
        survey = []
        for row in rows:
            said = dict(row)
            kind, _, name = said.pop("q").rpartition(" ")
            labelled = any(key.startswith("label") for key in said) or kind in ("calculate", "begin_group")
            survey.append({"type": kind, "name": name} | ({} if labelled else {"label": name}) | said)
            if kind == "" and name == "end_group":
                survey[-1] = {"type": "end_group"}
        workbook: dict[str, Any] = {
            "survey": survey,
            "settings": [{"form_id": "test", "form_title": "Test", "version": "1",
                          "namespaces": 'bianmin="https://bianmin.example/xforms"'}],
        }  # fmt: skip
        if choices:
            lists = [one.split() for one in choices]
            workbook["choices"] = [
                {"list_name": name, "name": value, "label": (labels or {}).get(value, value)} for name, value in lists
            ]
        return str(convert(xlsform=workbook, warnings=[]).xform).encode()

    return make


@pytest.fixture(scope="session")
def form(xform: XForm) -> MakeForm:
    """form(row, …): the loaded form."""
    return lambda *rows, **options: Form.load(xform(*rows, **options))
