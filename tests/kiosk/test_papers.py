"""What is said of a paper: every reason a printer can give has words, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from drivers.page_printer.reasons import status_of
from drivers.printing import PrintOutcome
from kiosk.cases.papers import reason_words
from kiosk.words import say

ROOT = Path(__file__).resolve().parents[2]


def test_a_paper_that_came_out_needs_no_words() -> None:
    assert reason_words(PrintOutcome("confirmed", "ok")) == ""


@pytest.mark.parametrize("result", ["failed", "uncertain"])
def test_every_reason_has_words_in_both_languages(result: str) -> None:
    """The codes in the drivers, and what an IPP printer may say of itself."""
    code = re.compile(r'"([a-z]+(?:-[a-z]+)*)"')
    sources = [*(ROOT / "drivers" / "page_printer").glob("*.py"), *(ROOT / "drivers" / "receipt_printer").glob("*.py")]
    reasons = {found for path in sources for found in code.findall(path.read_text("utf-8"))}
    reasons |= {status_of(5, [f"{stem}-error"]).detail for stem in ("fuser-over-temp", "other", "spool-area-full")}
    assert len(reasons) > 30 and {"paused", "not-accepting", "no-print-server", "fuser-over-temp"} <= reasons
    for reason in reasons:
        key = reason_words(PrintOutcome(result, reason))  # type: ignore[arg-type]
        assert say(key, "zh") and not re.search(r"[\u3400-\u9fff]", say(key, "en"))


def test_silence_before_and_in_the_middle_are_told_apart() -> None:
    failed, uncertain = (say(reason_words(PrintOutcome(r, "no-answer"))) for r in ("failed", "uncertain"))  # type: ignore[arg-type]
    assert "不能确认" in uncertain and "不能确认" not in failed
