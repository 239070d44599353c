"""docs/faults.md says what the tables of the tests say."""

from __future__ import annotations

from tests.faults.devices.table import DOCUMENT, render


def test_the_document_is_renewed() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == render(), "renew it: ./run faults"
