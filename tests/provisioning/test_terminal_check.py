"""The check: what is there, until when it holds, and one plain sentence for each thing to mend."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from provisioning.check import check
from tests.fleet.running_platform import RunningPlatform
from tests.provisioning.provision_command import enrol, provision


@pytest.fixture(scope="session")
def enrolled(platform: RunningPlatform, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A terminal with a devices file that names no device."""
    folder = tmp_path_factory.mktemp("terminal")
    (folder / "none.toml").write_text("", encoding="utf-8")
    assert enrol(platform, folder / "data", "T-1", "--devices", str(folder / "none.toml"))[0] == 0
    return folder / "data"


@pytest.fixture
def data(enrolled: Path, tmp_path: Path) -> Path:
    """A copy of it, to be spoilt."""
    return Path(shutil.copytree(enrolled, tmp_path / "copy"))


def test_a_fresh_terminal_is_in_order(data: Path) -> None:
    code, found = provision("check", data)
    assert (code, found["ok"], found["problems"]) == (0, True, [])
    assert found["terminal"]["id"] == "T-1"
    assert found["certificate"]["terminal_id"] == "T-1"
    assert 6.9 <= found["certificate"]["days_left"] <= 7.0
    assert found["trust_root"]["version"] == 1
    assert (found["release"], found["devices"]) == (None, {})


def test_an_empty_folder_is_not_in_order(tmp_path: Path) -> None:
    code, found = provision("check", tmp_path)
    assert (code, found["ok"], found["terminal"], found["certificate"]) == (1, False, None, None)
    assert "not an enrolled terminal" in found["problems"][0]


@pytest.mark.parametrize(
    ("after", "problem"), [(timedelta(days=5), "runs out soon"), (timedelta(days=8), "has run out")]
)
def test_a_certificate_is_watched(data: Path, after: timedelta, problem: str) -> None:
    found = check(data, datetime.now(UTC) + after)
    assert [problem in text for text in found["problems"]] == [True]


def test_a_key_others_can_read_is_a_problem(data: Path) -> None:
    (data / "pki" / "device.key").chmod(0o644)
    (data / "keys").chmod(0o755)
    problems = check(data)["problems"]
    assert len(problems) == 2
    assert all("chmod" in problem for problem in problems)


def test_parts_that_do_not_belong_together_are_noticed(data: Path, platform: RunningPlatform, tmp_path: Path) -> None:
    assert enrol(platform, tmp_path / "other", "T-2")[0] == 0
    shutil.copy(tmp_path / "other" / "pki" / "device.crt", data / "pki" / "device.crt")
    assert any("do not belong together" in problem for problem in check(data)["problems"])


@pytest.mark.parametrize(
    ("lost", "problem"),
    [
        ("pki/device.crt", "missing from"),
        ("trust/root.json", "root.json is missing"),
        ("devices.toml", "devices.toml is missing"),
    ],
)
def test_a_lost_file_is_named(data: Path, lost: str, problem: str) -> None:
    (data / lost).unlink()
    assert any(problem in text for text in check(data)["problems"])


def test_a_device_that_does_not_answer_is_named(data: Path) -> None:
    (data / "devices.toml").write_text('[receipt_printer]\naddress = "tcp://127.0.0.1:1"\n', encoding="utf-8")
    code, found = provision("check", data)
    assert code == 1
    assert found["devices"]["receipt_printer"]["device"] != "online"
    assert any(problem.startswith("receipt_printer cannot work") for problem in found["problems"])


def test_a_devices_file_the_drivers_do_not_understand_is_named(data: Path) -> None:
    (data / "devices.toml").write_text('[coffee_machine]\nport = "x"\n', encoding="utf-8")
    assert any("coffee_machine" in problem for problem in check(data)["problems"])
