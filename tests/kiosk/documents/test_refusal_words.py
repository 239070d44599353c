"""Every reason a document can be refused for has words that say what to do, in both languages."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from kiosk.cases.certificate_paper import refusal_words
from kiosk.documents.seals.results import Reason, SealRefused
from kiosk.words import say


@pytest.mark.parametrize("reason", get_args(Reason))
def test_words(reason: Reason) -> None:
    key = refusal_words(SealRefused(reason))
    assert "窗口" in say(key, "zh") and "没有打印" in say(key, "zh")
    assert "counter" in say(key, "en") and not re.search(r"[\u3400-\u9fff]", say(key, "en"))
