"""Terminals that cannot begin: both programs say in a line what a technician does, and end."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from demo.programs import ROOT
from offline_cache import Cache

SETTINGS = """
[terminal]
id = "HW-0001"
label = "A01"
hall_zh = "大厅"
[fleet]
url = "https://localhost:9"
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "terminal.toml").write_text(SETTINGS, "utf-8")
    (tmp_path / "devices.toml").write_text("", "utf-8")
    Cache.open(tmp_path).close()
    return tmp_path


def newer_store(data: Path) -> str:
    with sqlite3.connect(data / "store.db") as db:
        db.execute("insert into _sqlite_migrations (migration_set, name, applied_at) values ('terminal', 'm999', '')")
    return "written by a newer version of this software"


def no_tpm(data: Path) -> str:
    with sqlite3.connect(data / "store.db") as db:
        db.execute("update key_generations set holder = 'tpm'")
    (data / "keys" / "tpm.1.json").write_text(f'{{"tcti": "swtpm:path={data}/x", "index": 1, "auth": "", "pcrs": []}}')
    return "the TPM does not answer as it should"


def odd_settings(data: Path) -> str:
    (data / "terminal.toml").write_text(SETTINGS + "[visit.longest]\nvisit = 'long'\n", "utf-8")
    return "[visit] in terminal.toml is not understood"


@pytest.mark.parametrize("module", ["screens", "offline_cache.sync"])
@pytest.mark.parametrize("spoil", [newer_store, no_tpm, odd_settings])
def test_why_it_cannot_start_is_said(data: Path, module: str, spoil: object) -> None:
    said = spoil(data)  # type: ignore[operator]
    environment = os.environ | {"SDL_VIDEODRIVER": "offscreen", "KIVY_WINDOW": "sdl2"}
    done = subprocess.run(
        [sys.executable, "-m", module, "--data", str(data)], cwd=ROOT, env=environment,
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 1 and said in done.stderr
    assert "Traceback" not in done.stderr
