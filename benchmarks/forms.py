"""The forms engine: from one answer to a stable form, beside the limit a citizen cannot feel."""

from __future__ import annotations

from pathlib import Path

from pyxform.xls2xform import convert

from benchmarks.figures import Figure, milliseconds
from kiosk.forms import Form

FORM = Path(__file__).resolve().parents[1] / "fleet" / "sample_city" / "forms" / "flexible_employment.xlsx"
#: the house's aim for one answer, p95, for a form of 300 questions; the sample form has 17
LIMIT_MS = 5.0
#: a page must be there before a citizen wonders
LOAD_LIMIT_MS = 100.0


def run() -> list[Figure]:
    """95th percentile of one answer with its recalculation, and of loading."""
    xml = convert(str(FORM)).xform.encode()
    session = Form.load(xml).start("zh", {"situation/household": "local"})
    session.answer("/data/insurance/kind", "both")
    amounts = iter(range(4504, 22520))
    answer = milliseconds(lambda: session.answer("/data/payment_page/base", str(next(amounts))), 500)
    load = milliseconds(lambda: Form.load(xml), 20)
    return [
        Figure("one answer to a stable form, p95", answer[1], "limit", LIMIT_MS, "ms"),
        Figure("loading the form, p95", load[1], "limit", LOAD_LIMIT_MS, "ms"),
    ]
