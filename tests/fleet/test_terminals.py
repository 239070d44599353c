"""What operators see of terminals, and their orders to try parked deliveries again."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from contract.terminals import Heartbeat, ParkedEntry, ParkReason
from fleet.__main__ import main
from fleet.data_folder import DataFolder
from fleet.errors import RetryRefused
from fleet.platform import Platform
from fleet.terminals import SILENT_AFTER, hear, order_retry, overview
from tests.fleet.running_platform import make_platform, run_command

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
OTHER = "2a5a4d6e-0c0e-4a53-9a0e-3f0b6f6c1a77"
PARKED = ParkedEntry(
    id=UUID("7d0a7c1c-93a5-4b3e-8f3b-5d2d0a9e6b01"), kind="case", reason=ParkReason.CONFLICT, since=NOW
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_platform(tmp_path_factory.mktemp("fleet"))


@pytest.fixture
def platform(data: Path) -> Iterator[Platform]:
    opened = Platform(DataFolder(data))
    yield opened
    opened.close()


def beat(**said: object) -> Heartbeat:
    plain = Heartbeat(sent_at=NOW, release_version=3, outbox_waiting=0, outbox_parked=0)
    return plain.model_copy(update=said)


def parked() -> Heartbeat:
    return beat(outbox_parked=1, parked=[PARKED], outbox_waiting=2, waiting_since=NOW)


def lines(data: Path, *arguments: str) -> str:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        assert main([arguments[0], "--data", str(data), *arguments[1:]]) == 0
    return said.getvalue()


def test_an_order_is_sent_until_the_terminal_says_that_it_is_done(platform: Platform) -> None:
    hear(platform.database, "T-1", parked(), NOW)
    order = order_retry(platform.database, "T-1", str(PARKED.id), NOW)
    assert order_retry(platform.database, "T-1", str(PARKED.id), NOW) == order, "asked twice, it is one order"
    for _ in range(2):
        (sent,) = hear(platform.database, "T-1", parked(), NOW).retry
        assert (sent.id, sent.entry) == (order, PARKED.id)
    assert hear(platform.database, "T-2", parked(), NOW).retry == [], "another terminal's order"
    assert hear(platform.database, "T-1", beat(retried=[order]), NOW).retry == []
    assert hear(platform.database, "T-1", beat(), NOW).retry == []
    (again,) = hear_after_all(platform)
    assert again.entry == "all" and again.id != order


def hear_after_all(platform: Platform) -> list[object]:
    order = order_retry(platform.database, "T-1", "all", NOW)
    sent = hear(platform.database, "T-1", beat(), NOW).retry
    hear(platform.database, "T-1", beat(retried=[order]), NOW)
    return list(sent)


@pytest.mark.parametrize(("terminal", "entry"), [("T-99", "all"), ("T-1", OTHER), ("T-1", "nonsense")])
def test_an_order_to_nobody_or_about_nothing_is_refused(platform: Platform, terminal: str, entry: str) -> None:
    hear(platform.database, "T-1", parked(), NOW)
    with pytest.raises(RetryRefused, match="kiosk-fleet terminals"):
        order_retry(platform.database, terminal, entry, NOW)


def test_an_entry_beyond_those_a_heartbeat_names_can_be_ordered(platform: Platform) -> None:
    hear(platform.database, "T-3", beat(outbox_parked=99, parked=[PARKED]), NOW)
    order_retry(platform.database, "T-3", OTHER, NOW)
    with pytest.raises(RetryRefused):
        order_retry(platform.database, "T-3", "nonsense", NOW)


def test_a_terminal_that_was_not_heard_for_minutes_is_silent(platform: Platform) -> None:
    hear(platform.database, "T-1", beat(), NOW)
    for later, online in ((timedelta(0), True), (SILENT_AFTER - timedelta(seconds=1), True), (SILENT_AFTER, False)):
        shown = {one["terminal_id"]: one for one in overview(platform.database, NOW + later)}
        assert shown["T-1"]["online"] is online
        assert shown["T-5"]["online"] is False


def test_the_commands_say_it_in_lines_and_in_json(platform: Platform, data: Path) -> None:
    devices = {
        "page_printer": {
            "device": "userError", "detail": "media-jam",
            "faults": [{"code": "media-jam", "severity": "error", "since": NOW.isoformat(), "count": 1}],
        }
    }  # fmt: skip
    beating = Heartbeat.model_validate(parked().model_dump(mode="json") | {"devices": devices})
    hear(platform.database, "T-2", beating, datetime.now(UTC))
    said = lines(data, "terminals")
    assert (
        "T-2" in said
        and "online, heard " in said
        and "release 3  waiting 2 (since 2026-11-21T09:30:00)  parked 1" in said
    )
    assert f"parked  case {PARKED.id}  conflict since 2026-11-21T09:30:00\n" in said
    assert "page_printer: userError media-jam" in said and "media-jam since 2026-11-21T09:30:00" in said
    assert "T-5" in said and "never heard" in said
    assert "tries all again after its next heartbeat" in lines(data, "retry", "T-2", "all")
    assert "conflict since 2026-11-21T09:30:00  retry ordered" in lines(data, "terminals")
    code, content = run_command("terminals", "--data", str(data))
    shown = {one["terminal_id"]: one for one in content["terminals"]}  # type: ignore[index, union-attr, attr-defined]
    assert code == 0 and shown["T-2"]["heartbeat"]["parked"][0]["id"] == str(PARKED.id)
    assert shown["T-2"]["retry_ordered"] == ["all"] and shown["T-5"]["heard_at"] is None
    code, content = run_command("retry", "--data", str(data), "T-9", "all")
    assert code == 1 and "no terminal T-9" in str(content["error"])
