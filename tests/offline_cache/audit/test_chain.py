"""The chain: whatever is changed in it is found, and the database itself lets nobody change it."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from contract.audit import first_hash, fits
from contract.audit_events import EVENTS, Event
from offline_cache import Cache
from offline_cache.audit import note
from offline_cache.audit.__main__ import main
from offline_cache.audit.verify import Log, broken, read_database, read_file

A, B = "0b7e9c1e-1f2d-4c3b-8a4d-5e6f708192a3", "1b7e9c1e-1f2d-4c3b-9a4d-5e6f708192a3"


@pytest.fixture
def used(cache: Cache) -> Cache:
    """A terminal on which something was done."""
    for _ in range(3):
        visit = cache.visits.begin()
        paper = cache.prints.plan(visit.id, "receipt", "A03")
        cache.prints.set(paper, "sent")
        cache.prints.set(paper, "confirmed", came=1)
        cache.visits.end(visit.id, "finish")
        cache.visits.shred_finished()
    return cache


def log_of(cache: Cache) -> Log:
    return read_database(cache.data / "store.db")


def unguarded(cache: Cache, *statements: str) -> None:
    """Somebody with the file and a shell."""
    db = cache.store.db
    for trigger in [row["name"] for row in db.query("select name from sqlite_master where type = 'trigger'")]:
        if trigger.split("_")[0] in ("insert", "update", "delete"):
            db.execute(f"drop trigger {trigger}")
    for statement in statements:
        db.execute(statement)


def test_what_a_terminal_did_stands_in_order(used: Cache) -> None:
    log = log_of(used)
    assert broken(log) is None
    events = [row["event"] for row in log.rows]
    assert events[0] == "key.made"
    visit = ["visit.began", "paper.planned", "paper.sent", "paper.confirmed", "visit.ended", "visit.shredded"]
    assert events[1:] == visit * 3
    assert json.loads(log.rows[5]["fields"])["reason"] == "finish"


def test_every_byte_that_is_changed_is_found(used: Cache) -> None:
    log = log_of(used)
    tried = 0
    for place, row in enumerate(log.rows[:9]):
        for name, value in row.items():
            text = str(value)
            for at in range(len(text)):
                other = text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1 :]
                rows = [dict(each) for each in log.rows]
                rows[place][name] = int(other) if name == "number" and other.isdigit() else other
                found = broken(dataclasses.replace(log, rows=rows))
                assert found is not None and found.number == place + 1, (row, name, at)
                tried += 1
    assert tried > 1000


@pytest.mark.parametrize(
    ("change", "line"),
    [
        pytest.param(lambda rows: rows.pop(4), 5, id="a line deleted"),
        pytest.param(lambda rows: rows.insert(4, rows[4]), 6, id="a line twice"),
        pytest.param(lambda rows: rows.insert(7, rows.pop(6)), 7, id="two lines swapped"),
        pytest.param(lambda rows: rows.reverse(), 1, id="all turned round"),
        pytest.param(lambda rows: rows.pop(0), 1, id="the first deleted"),
        pytest.param(lambda rows: rows[3].pop("at"), 4, id="a line without its time"),
        pytest.param(lambda rows: rows[3].update(more=1), 4, id="a line with something more"),
        pytest.param(lambda rows: rows[3].update(fields=rows[3]["fields"].replace(":", ": ")), 4, id="a space"),
        pytest.param(lambda rows: rows[3].update(fields="[]"), 4, id="fields that are none"),
    ],
)
def test_lines_that_are_moved_are_found(used: Cache, change: Callable[[list[dict[str, Any]]], Any], line: int) -> None:
    log = log_of(used)
    change(log.rows)
    found = broken(log)
    assert found is not None and found.number == line


def test_a_line_put_in_with_numbers_moved_is_found(used: Cache) -> None:
    log = log_of(used)
    forged = {**log.rows[4], "fields": log.rows[4]["fields"]}
    rows = [*log.rows[:5], {**forged, "number": 6}, *({**row, "number": row["number"] + 1} for row in log.rows[5:])]
    assert broken(dataclasses.replace(log, rows=rows)) is not None


def test_the_end_cut_off_is_found_against_what_is_known_elsewhere(used: Cache) -> None:
    whole = log_of(used)
    last = whole.rows[-1]
    cut = dataclasses.replace(whole, rows=whole.rows[:-2])
    assert broken(cut) is None
    found = broken(cut, (last["number"], last["hash"]))
    assert found is not None and "cut off" in found.what
    assert broken(whole, (last["number"], last["hash"])) is None
    assert broken(whole, (last["number"], first_hash(A))) is not None
    found = broken(dataclasses.replace(cut, delivered=last["number"]))
    assert found is not None and "cut off" in found.what


def test_another_beginning_is_found(used: Cache) -> None:
    found = broken(dataclasses.replace(log_of(used), hash="0" * 64))
    assert found is not None and found.number == 1


@pytest.mark.parametrize(
    "statement",
    [
        "update audit set event = 'visit.began' where number = 2",
        "update audit set number = 99 where number = 2",
        "delete from audit where number = 2",
        "delete from audit",
        "insert into audit select number + 2, at, event, fields, hash from audit order by number desc limit 1",
        "insert or replace into audit select number, at, event, fields, hash from audit where number = 2",
        "insert into audit values (0, '', '', '', '')",
        "delete from audit_chain",
        "insert or replace into audit_chain select * from audit_chain",
        "update audit_chain set chain = 'another'",
        "update audit_chain set number = 2",
        "update audit_chain set number = 2, hash = (select hash from audit where number = 2)",
        "update audit_chain set delivered = 2, number = 2",
        "update audit_chain set delivered = 1000",
        "update audit_chain set hash = ''",
    ],
)
def test_the_database_lets_nobody_change_it(used: Cache, statement: str) -> None:
    before = log_of(used)
    with pytest.raises(sqlite3.IntegrityError, match="only grows"):
        used.store.db.execute(statement)
    assert log_of(used) == before


def test_what_is_changed_all_the_same_is_found(used: Cache, capsys: pytest.CaptureFixture[str]) -> None:
    data = str(used.data)
    assert main(["verify", "--data", data]) == 0
    assert "OK" in capsys.readouterr().out
    unguarded(used, "update audit set at = replace(at, '2', '3') where number = 7")
    assert main(["verify", "--data", data]) == 1
    assert "line 7:" in capsys.readouterr().out


def test_an_export_is_checked_like_the_log(used: Cache, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--data", str(used.data)]) == 0
    file = tmp_path / "export.jsonl"
    file.write_text(capsys.readouterr().out)
    assert read_file(file) == log_of(used)
    assert main(["verify", "--file", str(file), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["ok"], said["lines"], said["last"]) == (True, 19, 19)
    content = file.read_bytes()
    for at in range(content.index(b"\n") + 1, len(content), 7):
        if content[at : at + 1] == b"\n":
            continue
        file.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        assert main(["verify", "--file", str(file)]) == 1
    capsys.readouterr()
    file.write_bytes(content)
    assert main(["show", "--file", str(file)]) == 0
    assert EVENTS[Event.PAPER_CONFIRMED].sentence in capsys.readouterr().out


@pytest.mark.parametrize("content", [b"", b"{}", b"[]\n", b"\xff", b'{"chain":"x"}\n{}'])
def test_what_is_no_export_is_said(tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "e.jsonl").write_bytes(content)
    assert main(["verify", "--file", str(tmp_path / "e.jsonl")]) == 1
    assert "is no export" in capsys.readouterr().err
    assert main(["verify", "--data", str(tmp_path)]) == 1
    assert "is not there" in capsys.readouterr().err


def test_a_line_stands_only_with_what_it_tells(cache: Cache) -> None:
    before = len(log_of(cache).rows)
    with pytest.raises(RuntimeError), cache.store.transaction() as db:
        note(db, Event.VISIT_BEGAN, visit=A)
        raise RuntimeError
    assert len(log_of(cache).rows) == before
    with pytest.raises(ValueError, match="transaction"):
        note(cache.store.db, Event.VISIT_BEGAN, visit=A)


@pytest.mark.parametrize("column", ["at", "event", "fields", "hash"])
def test_a_line_the_disk_has_damaged_keeps_nobody_from_the_service(used: Cache, column: str) -> None:
    unguarded(used, f"update audit set {column} = cast(x'ff00fe' as text) where number = 19")
    used.visits.end(used.visits.begin().id, "leave")
    used.tidy()
    found = broken(log_of(used))
    assert found is not None and found.number == 19
    with pytest.raises(ValueError):
        used.audit.undelivered()


@pytest.mark.parametrize("column", ["chain", "number", "hash", "delivered"])
def test_nor_does_a_damaged_chain(used: Cache, column: str) -> None:
    unguarded(used, f"update audit_chain set {column} = cast(x'ff00fe' as text)")
    used.visits.end(used.visits.begin().id, "leave")
    used.tidy()
    assert main(["verify", "--data", str(used.data)]) == 1


# nothing of a person


@pytest.mark.parametrize(
    ("event", "fields"),
    [
        (Event.VISIT_BEGAN, {"visit": "王示例"}),
        (Event.VISIT_BEGAN, {"visit": "370299199001010018"}),
        (Event.VISIT_BEGAN, {"visit": A.replace("-4", "-1", 1)}),
        (Event.VISIT_BEGAN, {"visit": A, "name": "王示例"}),
        (Event.VISIT_BEGAN, {}),
        (Event.VISIT_ENDED, {"visit": A, "reason": "went home"}),
        (Event.TECHNICIAN_REFILLED, {"sheets": "13800000026"}),
        (Event.TECHNICIAN_REFILLED, {"sheets": 13800000026}),
        (Event.TECHNICIAN_REFILLED, {"sheets": 370299199001010018}),
        (Event.TECHNICIAN_REFILLED, {"sheets": -1}),
        (Event.TECHNICIAN_REFILLED, {"sheets": True}),
        (Event.TECHNICIAN_REFILLED, {"sheets": 1.5}),
        (Event.PAPER_SENT, {"paper": B, "by": "李样本"}),
        (Event.CLOCK_CORRECTED, {"seconds": 10**9}),
    ],
)  # fmt: skip
def test_nothing_but_ids_counts_and_listed_words_is_taken(cache: Cache, event: Event, fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=event.value) as error:
        cache.audit.note(event, **fields)
    assert not any(str(value) in str(error.value) for value in fields.values() if len(str(value)) > 4)


@settings(max_examples=300)
@given(event=some.sampled_from(Event), text=some.text(min_size=1, max_size=60))
def test_no_text_is_a_value(event: Event, text: str) -> None:
    for name, kind in EVENTS[event].fields.items():
        words = kind if isinstance(kind, tuple) else ()
        fields = dict.fromkeys(EVENTS[event].fields, 0) | {name: text}
        assert text in words or fits(event.value, fields)


def test_every_event_has_a_sentence_and_an_id_like_the_others() -> None:
    assert set(EVENTS) == set(Event)
    for event, about in EVENTS.items():
        assert about.sentence.endswith(".")
        assert event.value == event.name.lower().replace("_", ".", 1)


# letting old lines go


def test_lines_the_platform_has_had_for_long_go_and_the_rest_still_verifies(used: Cache) -> None:
    later = datetime.now(UTC) + timedelta(days=40)
    assert used.audit.prune(later) == 0
    assert used.audit.delivered(12)
    assert used.audit.prune() == 0
    assert used.audit.prune(later) == 12
    log = log_of(used)
    assert (log.number, len(log.rows)) == (12, 7)
    assert broken(log) is None
    used.visits.begin()
    assert broken(log_of(used)) is None and log_of(used).rows[-1]["number"] == 20
    assert not used.audit.delivered(11)
    assert not used.audit.delivered(21)
    assert used.audit.delivered(20)
    assert used.audit.prune(later) == 8
    used.visits.begin()
    assert (log_of(used).number, log_of(used).rows[-1]["number"]) == (20, 21)
    assert broken(log_of(used)) is None
