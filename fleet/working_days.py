"""Working days (工作日) as offices count them: weekends, and the holidays the State Council sets for each year.

From a year whose holidays are not announced yet (they are in November of the year before, and then come with the
package chinesecalendar), weekends alone are known.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import chinese_calendar

from fleet.office_time import OFFICE_TIME


def due_date(begins_at: datetime, days: int) -> datetime:
    """The end of the last of `days` working days after the day of `begins_at`."""
    day = begins_at.astimezone(OFFICE_TIME).date()
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=OFFICE_TIME).astimezone(UTC)


def is_working_day(day: date) -> bool:
    """Whether offices are open; also on weekends that are worked for a longer holiday (调休)."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # its word for a year that is not announced
        return day.weekday() < 5
