"""`./run faults`: prints every cell with its outcome and its times, and renews docs/faults.md when all are right."""

from __future__ import annotations

from typing import Any

import pytest

from tests.faults.devices.table import DOCUMENT, render


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fault-table", action="store_true", help="print the fault matrix and renew docs/faults.md")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--fault-table", default=False):  # what is about to be renewed is not judged
        items[:] = [item for item in items if item.path.stem != "test_document"]


def pytest_terminal_summary(terminalreporter: Any, exitstatus: int, config: pytest.Config) -> None:
    if not config.getoption("--fault-table", default=False):
        return
    terminalreporter.section("fault matrix")
    count = 0
    for how in ("passed", "failed"):
        for report in terminalreporter.stats.get(how, []):
            for name, value in report.user_properties:
                if name == "cell":
                    count += 1
                    device, state, fault, outcome, seconds, recovered = value
                    mark = "  " if how == "passed" else "✗ "
                    line = f"{mark}{device:17} {state:22} {fault:18} {outcome:44}"
                    terminalreporter.write_line(f"{line} {seconds:5.1f} s, again {recovered:4.1f} s")
    terminalreporter.write_line(f"{count} cells")
    if exitstatus == 0:
        DOCUMENT.write_text(render(), encoding="utf-8")
        terminalreporter.write_line(f"written: {DOCUMENT.name}")
