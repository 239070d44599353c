"""What holds for every test."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# a busy machine makes every input slow; that says nothing of the code
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


#: files of few long tests, the longest first: begun last, they would be waited for by everybody
LONG = (
    "demo/test_demo.py", "faults/test_print_once.py", "screens/test_layout.py", "kiosk/documents/test_reading.py",
    "journeys/test_reading_aloud.py", "kiosk/documents/test_photographed_pages.py", "journeys/test_face_check.py",
    "kiosk/documents/test_command_line.py", "journeys/test_read_papers.py", "journeys/test_saving.py",
    "kiosk/test_page_reading.py", "journeys/test_acting_for.py", "faults/test_printers.py", "faults/test_doors.py",
    "demo/test_window.py", "faults/test_release.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first; the others stay in their order."""
    place = {name: number for number, name in enumerate(LONG)}
    folder = Path(__file__).parent
    items.sort(key=lambda item: place.get(item.path.relative_to(folder).as_posix(), len(LONG)))
