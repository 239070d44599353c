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


def _more(pairs: list[str]) -> dict[str, str]:
    """Further columns of a choice: column=value."""
    return dict(pair.split("=", 1) for pair in pairs)


@pytest.fixture(scope="session")
def xform() -> XForm:
    """xform(row, …, choices=["list value column=value", …]): the XForm of a survey's rows, `type name` being "q"."""

    def make(*rows: Row, choices: tuple[str, ...] = (), labels: dict[str, str] | None = None) -> bytes:
        survey = []
        for row in rows:
            said = dict(row)
            kind, _, name = said.pop("q").rpartition(" ")
            labelled = any(key.startswith("label") for key in said) or kind in ("calculate", "begin_group")
            survey.append({"type": kind, "name": name} | ({} if labelled else {"label": name}) | said)
            if kind == "" and name.startswith("end_"):
                survey[-1] = {"type": name}
        workbook: dict[str, Any] = {
            "survey": survey,
            "settings": [{"form_id": "test", "form_title": "Test", "version": "1",
                          "namespaces": 'bianmin="https://bianmin.example/xforms"'}],
        }  # fmt: skip
        # pyxform would take the first row's columns for all there are
        workbook["survey_header"] = [dict.fromkeys(key for row in survey for key in row)]
        if choices:
            lists = [one.split() for one in choices]
            workbook["choices"] = [
                {"list_name": name, "name": value, "label": (labels or {}).get(value, value), **_more(more)}
                for name, value, *more in lists
            ]
        return str(convert(xlsform=workbook, warnings=[]).xform).encode()

    return make


@pytest.fixture(scope="session")
def form(xform: XForm) -> MakeForm:
    """form(row, …, files={"towns.csv": …}): the loaded form."""

    def make(*rows: Row, files: dict[str, str] | None = None, **options: Any) -> Form:
        return Form.load(xform(*rows, **options), lambda address: (files or {})[address.rpartition("/")[2]].encode())

    return make
