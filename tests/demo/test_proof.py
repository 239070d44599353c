"""What the proof reads papers with."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo.proof import receipt_text
from demo.report import Report


def test_chinese_is_read_out_of_escpos_bytes() -> None:
    data = b"\x1b@\x1ba\x01\x1c&" + "受理凭证".encode("gb18030") + b"\x1c.\nNo. 1\n"
    assert "受理凭证" in receipt_text(data) and "No. 1" in receipt_text(data)


def test_a_step_that_breaks_makes_the_report_untrue(tmp_path: Path) -> None:
    report = Report(tmp_path / "report.json")
    report.check("one", True, 1)
    with pytest.raises(KeyError), report.step("proof"):
        raise KeyError("anything")
    assert not report.ok


def test_a_report_without_checks_is_not_true(tmp_path: Path) -> None:
    report = Report(tmp_path / "report.json")
    assert not report.ok
    report.check("one", True, 1)
    assert report.ok
    report.check("two", False, 2)
    assert not report.ok
