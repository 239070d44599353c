"""The audit log on its way to a real platform: once, whole, in order; forks, gaps and lost databases are seen."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from contract.audit import AuditBatch, AuditLine, line_hash
from offline_cache import Cache
from offline_cache.audit.__main__ import main
from offline_cache.audit.log import chain_of, head, rows_of
from offline_cache.errors import Unreachable
from offline_cache.platform import Platform
from offline_cache.sync.audit_delivery import PROBLEM, AuditDelivery
from tests.fleet.running_platform import RunningPlatform, TestTerminal, run_command


@pytest.fixture(scope="module")
def terminal(platform: RunningPlatform, tmp_path_factory: pytest.TempPathFactory) -> TestTerminal:
    return TestTerminal(platform, "T-2", tmp_path_factory.mktemp("T-2") / "pki")


@pytest.fixture(autouse=True)
def nothing_known(platform: RunningPlatform) -> Iterator[None]:
    """The platform begins each test without a log of this terminal."""
    yield
    raw(platform, "delete from audit_lines")
    raw(platform, "delete from audit_chains")


def raw(platform: RunningPlatform, statement: str, *values: Any) -> None:
    """Somebody with the platform's database and a shell."""
    db = sqlite3.connect(platform.data / "fleet.db", timeout=5)
    with db:
        assert db.execute(statement, values).rowcount != 0 or statement.startswith("delete")
    db.close()


def delivery(cache: Cache, terminal: TestTerminal, url: str = "") -> AuditDelivery:
    line = Platform(url or terminal.platform.url, terminal.folder)
    return AuditDelivery(cache.audit, cache.facts, line, terminal.folder)


def shown(platform: RunningPlatform, *more: str) -> tuple[int, list[dict[str, Any]]]:
    code, said = run_command("audit", "T-2", "--data", str(platform.data), *more)
    chains = said["chains"]
    assert isinstance(chains, list)
    return code, chains


def visits(cache: Cache, count: int) -> None:
    for _ in range(count):
        cache.visits.end(cache.visits.begin().id, "leave")


def send(terminal: TestTerminal, batch: AuditBatch) -> tuple[int, Any]:
    headers = {"Content-Type": "application/json"}
    answer = terminal.call("POST", "audit", data=batch.model_dump_json(), headers=headers)
    return answer.status_code, answer.json()


def test_all_lines_come_once_and_are_signed(
    cache: Cache, terminal: TestTerminal, platform: RunningPlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    visits(cache, 300)  # more than one batch
    delivery(cache, terminal).run()
    number, digest = head(cache.store.db)
    assert number == 601 and chain_of(cache.store.db).delivered == number
    code, (chain,) = shown(platform, "--lines")
    assert (code, chain["lines"], chain["head"], chain["signed"]) == (0, number, f"{number}:{digest}", number)
    assert [event["event"] for event in chain["events"][:3]] == ["key.made", "visit.began", "visit.ended"]
    delivery(cache, terminal).run()
    assert shown(platform)[1][0]["lines"] == number
    # what the platform names is what a technician checks the terminal against
    assert main(["verify", "--data", str(cache.data), "--head", chain["head"]]) == 0
    assert "601 lines" in capsys.readouterr().out


def test_the_same_lines_again_change_nothing(cache: Cache, terminal: TestTerminal, platform: RunningPlatform) -> None:
    visits(cache, 3)
    batch = cache.audit.undelivered()
    assert batch is not None
    part = batch.model_copy(update={"lines": batch.lines[:4]})
    assert send(terminal, part) == (200, {"number": 4})
    assert send(terminal, batch) == (200, {"number": 7})
    assert send(terminal, part) == (200, {"number": 7})
    assert send(terminal, batch) == (200, {"number": 7})
    assert shown(platform)[0] == 0


def test_a_gap_is_refused_and_filled(cache: Cache, terminal: TestTerminal, platform: RunningPlatform) -> None:
    visits(cache, 3)
    batch = cache.audit.undelivered()
    assert batch is not None
    late = batch.model_copy(update={"after": 4, "lines": batch.lines[4:]})
    assert send(terminal, late) == (409, {"reason": "gap", "number": 0})
    # a platform that was set back: the terminal begins where it stands
    assert cache.audit.delivered(7)
    visits(cache, 1)
    delivery(cache, terminal).run()
    code, (chain,) = shown(platform)
    assert (code, chain["lines"], chain["problem"]) == (0, 9, "")


def test_what_the_platform_lost_and_the_terminal_let_go_is_told(
    cache: Cache, terminal: TestTerminal, platform: RunningPlatform
) -> None:
    visits(cache, 3)
    delivery(cache, terminal).run()
    assert cache.audit.prune(datetime.now(UTC) + timedelta(days=99)) == 7
    raw(platform, "delete from audit_lines")
    raw(platform, "delete from audit_chains")
    visits(cache, 1)
    delivery(cache, terminal).run()
    assert cache.facts.ask(PROBLEM) == "gap at line 0"
    code, (chain,) = shown(platform)
    assert code == 1 and chain["problem"] == "gap at line 0"


def test_a_fork_is_refused_and_shown(cache: Cache, terminal: TestTerminal, platform: RunningPlatform) -> None:
    visits(cache, 2)
    delivery(cache, terminal).run()
    rows = [AuditLine.model_validate({**row, "fields": fields_of(row)}) for row in rows_of(cache.store.db, 3)]
    # the terminal's database was set back to line 3, and another line 4 was written
    before = rows_of(cache.store.db, 2, 1)[0]["hash"]
    other = rows[0].model_copy(update={"fields": {"visit": str(uuid4())}})
    forged = other.model_copy(update={"hash": line_hash(str(before), 4, other.at, other.event, other.fields)})
    batch = AuditBatch(chain=UUID(chain_of(cache.store.db).chain), after=3, lines=[forged])
    assert send(terminal, batch) == (409, {"reason": "fork", "number": 4})
    code, (chain,) = shown(platform)
    assert (code, chain["problem"], chain["lines"]) == (1, "fork at line 4", 5)


def fields_of(row: dict[str, Any]) -> Any:
    return json.loads(row["fields"])


def test_a_broken_line_is_refused_by_the_platform_and_stopped_at_the_terminal(
    cache: Cache, terminal: TestTerminal, platform: RunningPlatform
) -> None:
    visits(cache, 2)
    batch = cache.audit.undelivered()
    assert batch is not None
    lines = list(batch.lines)
    lines[2] = lines[2].model_copy(update={"at": "2001-01-01T00:00:00+00:00"})
    assert send(terminal, batch.model_copy(update={"lines": lines})) == (409, {"reason": "broken", "number": 3})
    cache.store.db.execute("drop trigger update_on_audit")
    cache.store.db.execute("update audit set event = 'visit.went' where number = 3")
    cache.store.db.conn.commit()
    delivery(cache, terminal).run()
    assert cache.facts.ask(PROBLEM) == "a line here was changed"


def test_another_terminals_chain_is_refused(cache: Cache, terminal: TestTerminal, platform: RunningPlatform) -> None:
    visits(cache, 1)
    delivery(cache, terminal).run()
    raw(platform, "update audit_chains set terminal_id = 'T-1'")
    cache.audit.delivered(0)
    batch = cache.audit.undelivered()
    assert batch is not None
    assert send(terminal, batch)[0] == 409


def test_a_lost_database_shows_as_a_second_chain(
    cache: Cache, terminal: TestTerminal, platform: RunningPlatform, tmp_path: Path
) -> None:
    visits(cache, 1)
    delivery(cache, terminal).run()
    (tmp_path / "new").mkdir()
    second = Cache.open(tmp_path / "new")
    visits(second, 1)
    delivery(second, terminal).run()
    second.close()
    code, chains = shown(platform)
    assert code == 0 and len(chains) == 2 and chains[0]["chain"] != chains[1]["chain"]


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("update audit_lines set at = '2001-01-01T00:00:00+00:00' where number = 3", "line 3: "),
        ('update audit_lines set fields = \'{"name": "x"}\' where number = 3', "line 3: it is no line"),
        ("delete from audit_lines where number = 3", "line 3: "),
        ("delete from audit_lines where number = 5", "line 5: the end is cut off"),
        ("update audit_chains set number = 4", "line 6: the end is cut off"),
    ],
)
def test_what_is_changed_at_the_platform_is_found(
    cache: Cache, terminal: TestTerminal, platform: RunningPlatform, statement: str, says: str
) -> None:
    visits(cache, 2)
    delivery(cache, terminal).run()
    raw(platform, statement)
    code, (chain,) = shown(platform)
    assert code == 1 and chain["problem"].startswith(says)


def test_a_chain_written_anew_at_the_platform_is_not_what_the_device_signed(
    cache: Cache, terminal: TestTerminal, platform: RunningPlatform
) -> None:
    visits(cache, 2)
    delivery(cache, terminal).run()
    rows = rows_of(cache.store.db, 4)
    before = str(rows_of(cache.store.db, 3, 1)[0]["hash"])
    at = "2001-01-01T00:00:00+00:00"
    digest = line_hash(before, 5, at, str(rows[0]["event"]), fields_of(rows[0]))
    raw(platform, "update audit_lines set at = ?, hash = ? where number = 5", at, digest)
    raw(platform, "update audit_chains set hash = ?", digest)
    code, (chain,) = shown(platform)
    assert code == 1 and chain["problem"] == "line 5: the device signed another head"


def test_a_signature_of_somebody_else_is_told(
    cache: Cache, terminal: TestTerminal, platform: RunningPlatform, tmp_path: Path
) -> None:
    other = TestTerminal(platform, "T-1", tmp_path / "T-1")
    visits(cache, 1)
    line = Platform(platform.url, terminal.folder)
    AuditDelivery(cache.audit, cache.facts, line, other.folder).run()
    code, (chain,) = shown(platform)
    assert (code, chain["lines"], chain["signed"]) == (1, 3, 0)
    assert "is not the terminal's" in chain["problem"]


def test_lines_with_anything_of_a_person_are_refused(cache: Cache, terminal: TestTerminal) -> None:
    visits(cache, 1)
    batch = cache.audit.undelivered()
    assert batch is not None
    said = batch.model_dump(mode="json")
    said["lines"][1]["fields"]["name"] = "王示例"
    answer = terminal.call("POST", "audit", json=said)
    assert answer.status_code == 422 and "王示例" not in answer.text


def test_without_a_network_it_waits(cache: Cache, terminal: TestTerminal) -> None:
    visits(cache, 1)
    with pytest.raises(Unreachable):
        delivery(cache, terminal, "https://127.0.0.1:1").run()
    assert chain_of(cache.store.db).delivered == 0
    delivery(cache, terminal).run()
    assert chain_of(cache.store.db).delivered == 3


def test_a_terminal_nobody_heard_of(platform: RunningPlatform) -> None:
    assert shown(platform) == (1, [])
