"""The time of Chinese offices."""

from __future__ import annotations

from zoneinfo import ZoneInfo

#: Offices count days in Chinese time.
OFFICE_TIME = ZoneInfo("Asia/Shanghai")
