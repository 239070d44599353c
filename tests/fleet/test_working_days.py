"""Days offices count: weekends, holidays, weekends that are worked, and years nobody has announced yet."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fleet.working_days import due_date


@pytest.mark.parametrize(
    ("begins", "days", "ends"),
    [
        ((2026, 11, 20, 2), 1, "2026-11-23"),  # a Friday
        ((2026, 11, 20, 2), 5, "2026-11-27"),
        ((2026, 11, 20, 17), 1, "2026-11-23"),  # Saturday already, in China
        ((2026, 9, 30, 2), 1, "2026-10-08"),  # over the National Day
        ((2026, 9, 30, 2), 3, "2026-10-10"),  # whose Saturday is worked
        ((2030, 10, 1, 2), 1, "2030-10-02"),  # not announced: weekends alone are known
        ((2030, 10, 4, 2), 1, "2030-10-07"),
    ],
)
def test_due_dates_count_working_days(begins: tuple[int, ...], days: int, ends: str) -> None:
    assert due_date(datetime(*begins, tzinfo=UTC), days).isoformat() == f"{ends}T15:59:59+00:00"  # type: ignore[arg-type, misc]
