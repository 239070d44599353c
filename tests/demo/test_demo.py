"""The demonstration as CI runs it: both visits by real touches, and that a broken device is told with its step."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def demo(out: Path, *options: str) -> tuple[int, dict[str, Any]]:
    command = [sys.executable, "-m", "demo", "visit", "--out", str(out), *options]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=400)
    return done.returncode, json.loads((out / "report.json").read_text("utf-8"))


@pytest.mark.timeout(420)
def test_both_visits_are_walked_and_everything_they_claim_is_true(tmp_path: Path) -> None:
    status, report = demo(tmp_path / "demo")
    wrong = [entry for entry in report["steps"] + report["checks"] if not entry["ok"]]
    assert wrong == []
    assert status == 0 and report["ok"]
    assert len(report["checks"]) >= 20
    pages = {path.name.split("-", 1)[1] for path in (tmp_path / "demo" / "screens").glob("*.png")}
    assert len(pages) >= 30


@pytest.mark.timeout(420)
def test_a_dead_reader_makes_the_visit_fail_and_says_where(tmp_path: Path) -> None:
    status, report = demo(tmp_path / "demo", "--unplug", "id_card@1-card")
    assert status == 1 and not report["ok"]
    failed = [step for step in report["steps"] if not step["ok"]]
    assert [step["step"].split(" ")[0] for step in failed] == ["1-card"]
    assert "id_card" in failed[0]["failed"]
