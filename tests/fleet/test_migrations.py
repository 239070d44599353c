"""Data folders of before: everything in them is there afterwards, and the new ways in work."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from fleet.data_folder import DataFolder
from fleet.database import Database
from fleet.platform import Platform
from tests.fleet.running_platform import WANG, make_platform, run_command


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A data folder as the platform before left it: database 0001, no keys of the ways in, no connectors."""
    data = make_platform(tmp_path)
    database = Database(data / "fleet.db")
    config = Config()
    config.set_main_option("script_location", "fleet:migrations")
    config.set_main_option("path_separator", "os")
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
    database.close()
    with sqlite3.connect(data / "fleet.db") as raw:
        for name, column in (("drafts", "catalogue"), ("terminals", "profile")):
            for row, text in raw.execute(f"select rowid, {column} from {name}").fetchall():
                content = json.loads(text)
                content.pop("site", None)
                for item in content.get("items", []):
                    item.pop("assurance")
                for terminal in content.get("terminals", []):
                    terminal.pop("site")
                raw.execute(f"update {name} set {column} = ? where rowid = ?", (json.dumps(content), row))
        person = json.dumps(WANG)
        raw.execute("insert into citizen_codes values ('00', ?, '2026-01-01 00:00:00.000000', null)", (person,))
    for path in ("keys/identity.pem", "keys/sealing.key", "connectors.toml"):
        (data / path).unlink()
    return data


def test_an_old_folder_goes_on(old: Path, tmp_path: Path) -> None:
    people = tmp_path / "people.json"
    people.write_text(json.dumps([WANG]), encoding="utf-8")
    arguments = ("--data", str(old), "--people", str(people), "--number", WANG["number"])
    assert run_command("citizen-code", *arguments)[0] == 0
    first = run_command("offline-code", *arguments)[1]["code"]
    assert str(first).startswith("BM1:")
    assert run_command("release", "--data", str(old), "--approved-by", "甲", "--approved-by", "乙")[1]["version"] == 2
    platform = Platform(DataFolder(old))
    catalogue = platform.release(1)
    assert catalogue is not None and len(catalogue.items) == 3
    assert catalogue.terminals[0].site.offline_opens == []
    platform.close()
    with sqlite3.connect(old / "fleet.db") as raw:
        tables = {name for (name,) in raw.execute("select name from sqlite_master where type = 'table'")}
    assert "citizen_codes" not in tables and "one_use_codes" in tables
    assert WANG["number"].encode() not in (old / "fleet.db").read_bytes(), "what is dropped is overwritten"


def test_the_keys_are_private_and_made_once(old: Path) -> None:
    keys = [Platform(DataFolder(old)).identity_key.public_key for _ in range(2)]
    assert keys[0] == keys[1]
    for name in ("identity.pem", "sealing.key"):
        assert (old / "keys" / name).stat().st_mode & 0o777 == 0o600
