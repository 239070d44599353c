"""What else a reader says: every kind of card, the newest address, fingerprints, pictures, status words, wires."""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.errors import ConfigError
from drivers.id_card import CardFailed, CardRead, CardRemoved, IdCardReader, StatusChanged, device, photo, sam
from drivers.status import DeviceState, MediaState

PERSON: dict[str, Any] = {
    "name": "测试甲", "sex": "女", "nation": "11", "birth": "1990-02-28", "address": "某省某市某区某路1号",
    "number": "110101199002280022", "authority": "某市公安局", "valid_from": "2020-01-01", "valid_to": "长期",
}  # fmt: skip
HONG_KONG = PERSON | {"kind": "J", "pass_number": "H12345678", "issue_count": "02", "reserved": "01"}
FOREIGN = PERSON | {"english_name": "TEST, PERSON", "country": "XXX", "valid_to": "2030-01-01"}
OF_2017 = FOREIGN | {"kind": "I", "number": "XXX110190022885", "authority": "1100", "version": "02"}
OF_2023 = FOREIGN | {
    "kind": "Y", "number": "911999199002280016", "association": "018", "english_name": "A" * 34 + " " + "B" * 11,
}  # fmt: skip
FAULTS = ("silence", "drop", "garbage", "half-frame", "late", "noise", "unreadable", "unselectable", "self-test-failed")
Watch = Callable[..., IdCardReader]
Write = Callable[[dict[str, Any]], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def one(person: dict[str, Any]) -> Path:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.json"
        path.write_text(json.dumps(person), encoding="utf-8")
        return path

    return one


@pytest.fixture
def watch(events) -> Iterator[Watch]:
    started: list[IdCardReader] = []

    def start(port: str, **keys: Any) -> IdCardReader:
        started.append(IdCardReader(port, **keys))
        started[-1].start(events)
        return started[-1]

    yield start
    for reader in started:
        reader.stop()


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end, "not in 20 s"
        time.sleep(0.02)


def test_every_kind_of_card_one_after_the_other(simulator, watch: Watch, events, write: Write) -> None:
    """Each laid in the place of the one before; and no faster than the field allows."""
    reader = simulator("id_card")
    watch(reader.said["port"], poll_interval=0.01)
    cards = {}
    for person in (PERSON, HONG_KONG, OF_2017, OF_2023, PERSON | {"new_address": ["某市旧路9号", "某市新路2号"]}):
        reader(f"place {write(person)}")
        card = events.wait(CardRead).card
        cards[card.kind, bool(card.new_address)] = card
    resident, moved = cards["resident", False], cards["resident", True]
    assert (resident.nation, resident.valid_to, resident.new_address) == ("满", None, "")
    assert (resident.current_address, moved.current_address) == (PERSON["address"], "某市新路2号")
    macao = cards["J", False]
    assert (macao.nation, macao.pass_number, macao.issue_count) == ("", "H12345678", "02")
    old = cards["I", False]
    assert (old.english_name, old.version, old.authority, old.country) == ("TEST, PERSON", "02", "1100", "XXX")
    assert old.number_checks
    new = cards["Y", False]
    assert (new.english_name, new.issue_count, new.association) == (OF_2023["english_name"], "01", "018")
    assert (new.old_number, new.number_checks, new.authority) == ("XXX110190022885", True, "")
    state = reader("state")
    assert state["shortest_find_gap"] >= device.POLL_INTERVAL
    assert state["asked"]["3003"] == 3, "I and Y carry no address"


@pytest.mark.parametrize("size", [0, 512, 1024])
def test_a_fingerprint_is_passed_on(simulator, watch: Watch, events, write: Write, size: int) -> None:
    reader = simulator("id_card")
    watch(reader.said["port"], fingerprint=True)
    reader(f"place {write(PERSON | {'fingerprint': size})}")
    card = events.wait(CardRead).card
    assert card.fingerprint == (b"FP" * 512)[:size] and len(card.photo) == 1024
    assert reader("state")["asked"].get("3001") is None


def test_a_reader_that_knows_neither_fingerprints_nor_addresses(simulator, watch: Watch, events, write: Write) -> None:
    reader = simulator("id_card", "--without", "3010", "3003", "12FF")
    watch(reader.said["port"], fingerprint=True, max_rf_bytes=0x50)
    for _ in range(2):
        reader(f"place {write(PERSON | {'new_address': '某市新路2号'})}")
        card = events.wait(CardRead).card
        assert (card.fingerprint, card.new_address, card.current_address) == (b"", None, PERSON["address"])
    asked = reader("state")["asked"]
    assert (asked["3010"], asked["3003"], asked["3001"]) == (1, 1, 2)


@pytest.mark.parametrize("find", ["always", "once"])
def test_a_reader_that_answers_only_find_select_and_read(
    simulator, watch: Watch, events, write: Write, find: str
) -> None:
    reader = simulator("id_card", "--find", find, "--deaf", "11FF", "12FF", "10FF", "3003")
    reader(f"place {write(PERSON)}")
    deaf = watch(reader.said["port"])
    assert events.wait(CardRead).card.name == PERSON["name"] and deaf.sam_number == ""


def test_an_address_that_never_comes_costs_only_the_address(simulator, watch: Watch, events, write: Write) -> None:
    reader = simulator("id_card")
    watch(reader.said["port"])
    reader(f"delay 3003 {sam.ANSWER_TIMEOUT + 0.3}")
    reader(f"place {write(PERSON | {'new_address': '某市新路2号'})}")
    assert events.wait(CardRead).card.new_address is None
    events.none_of((StatusChanged, CardFailed), 1.5)
    reader(f"place {write(PERSON | {'new_address': '某市更新路3号'})}")
    assert events.wait(CardRead).card.new_address == "某市更新路3号"


@pytest.mark.parametrize(
    ("word", "reason", "code", "sw"),
    [
        ("000031", "rejected", "card-rejected-sam", "00 00 31"),
        ("120033", "rejected", "verification-failed", "12 00 33"),
        ("000077", "unreadable", "unknown-status-word", "00 00 77"),
    ],
)
def test_a_status_word_is_told_with_the_failure(
    simulator, watch: Watch, events, write: Write, word: str, reason: str, code: str, sw: str
) -> None:
    reader = simulator("id_card")
    watch(reader.said["port"])
    reader(f"sw 3001 {word}")
    reader(f"place {write(PERSON)}")
    assert events.wait(CardFailed) == CardFailed(reason, code, sw)
    reader("sw 3001 none")
    reader("lift")
    events.wait(CardRemoved)
    reader(f"place {write(PERSON)}")
    events.wait(CardRead)
    assert reader("state")["shortest_find_gap"] >= device.POLL_INTERVAL


def test_what_a_line_may_do_to_frames(simulator, watch: Watch, events, write: Write) -> None:
    reader = simulator("id_card")
    watch(reader.said["port"])
    for fault in ("single-bytes", "noise", "glued", "none"):
        reader(f"fault {fault}")
        reader(f"place {write(PERSON | {'new_address': fault})}")
        assert events.wait(CardRead).card.new_address == fault
    assert not [event for event in events.seen if isinstance(event, CardFailed)]


def test_an_answer_that_the_line_damaged_is_asked_for_again(simulator, watch: Watch, events, write: Write) -> None:
    reader = simulator("id_card", "--fault", "bad-checksum-once", "--find", "once")
    watch(reader.said["port"])
    reader(f"place {write(PERSON)}")
    events.wait(CardRead)
    assert reader("state")["asked"]["3001"] == 2
    assert not [event for event in events.seen if isinstance(event, CardFailed)]


def test_an_answer_is_not_late_while_its_bytes_come(
    simulator, watch: Watch, events, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sam, "READ_TIMEOUT", 0.05)  # the bytes of a card take 0.26 s
    reader = simulator("id_card", "--fault", "single-bytes")
    watch(reader.said["port"])
    reader(f"place {write(PERSON)}")
    events.wait(CardRead)
    assert not [event for event in events.seen if isinstance(event, CardFailed)]


def test_a_reader_that_never_finds_is_not_well(simulator, run) -> None:
    reader = simulator("id_card", "--deaf", "2001")  # its SAM says that it is well
    useless = run("drivers.id_card", "read", "--port", reader.said["port"], "--json", "--timeout", "60")
    assert useless.returncode == 1
    assert json.loads(useless.stdout) == {"result": "fault", "device": "offline", "detail": "no-answer"}


def test_an_answer_that_comes_late_is_never_another_persons(
    simulator, watch: Watch, events, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sam, "READ_TIMEOUT", 0.5)
    reader = simulator("id_card", "--find", "once")
    watch(reader.said["port"])
    reader("delay 3001 2.2")  # comes when the next card is already being read
    reader(f"place {write(PERSON)}")
    assert events.wait(CardFailed).reason == "no-answer"
    reader(f"place {write(PERSON | {'name': '测试乙'})}")
    reader("lift")
    events.wait(CardRemoved)
    reader(f"place {write(PERSON | {'name': '测试乙'})}")
    assert events.wait(CardRead).card.name == "测试乙"


@pytest.mark.parametrize("fault", ["self-test-failed", "sam-not-authorised"])
def test_a_sam_in_trouble_is_told_and_comes_back(simulator, watch: Watch, events, fault: str) -> None:
    reader = simulator("id_card", "--fault", fault.removeprefix("sam-"))
    watch(reader.said["port"])
    status = events.wait(StatusChanged).status
    assert (status.device, status.detail) == (DeviceState.HARDWARE_ERROR, fault)
    reader("fault none")
    events.wait(StatusChanged, lambda event: event.status.usable)


def test_a_sam_that_hangs_is_reset(simulator, watch: Watch, events) -> None:
    reader = simulator("id_card", "--fault", "hung")
    hung = watch(reader.said["port"])
    events.wait(StatusChanged, lambda event: event.status.usable)
    assert reader("state")["asked"]["10FF"] == 1
    assert hung.sam_number == "05.01-20131207-0000012345-0000000678"


def test_a_plugged_reader_is_tried_at_once(simulator, watch: Watch, events, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "BACK_OFF_FIRST", 600.0)
    reader = simulator("id_card", "--fault", "drop")
    away = watch(reader.said["port"])
    assert events.wait(StatusChanged).status.detail == "gone"
    reader("fault none")
    until(lambda: Path(reader.said["port"]).exists())
    away.look_again()
    events.wait(StatusChanged, lambda event: event.status.usable)


@pytest.mark.parametrize(
    ("options", "query"),
    [((), ""), (("--numbered",), ""), (("--plain",), "?layout=plain")],
    ids=["packets", "numbered", "plain"],
)
def test_hid_reports(simulator, watch: Watch, events, write: Write, options: tuple[str, ...], query: str) -> None:
    reader = simulator("id_card", "--wire", "hid", *options)
    watch(reader.said["port"] + query, fingerprint=True)
    reader(f"place {write(PERSON | {'new_address': '某市新路2号', 'fingerprint': 1024})}")
    card = events.wait(CardRead).card
    assert (card.name, card.new_address, len(card.fingerprint)) == ("测试甲", "某市新路2号", 1024)
    if options:
        return
    reader("fault drop")
    assert events.wait(StatusChanged, lambda event: not event.status.usable).status.detail == "gone"
    reader("fault none")
    events.wait(StatusChanged, lambda event: event.status.usable)
    events.wait(CardRead)


DECODER = """
import ctypes, os, subprocess, sys, time
def decode(wlt):
    print("what native libraries print")
    return b"BM" + wlt[:3]
def crash(wlt):
    ctypes.string_at(0)
def hang(wlt):
    subprocess.Popen(["sleep", "600"])  # which keeps the pipe open
    time.sleep(600)
def refuse(wlt):
    return None
def fail(wlt):
    raise ValueError("no")
"""


@pytest.mark.parametrize("way", ["decode", "crash", "hang", "refuse", "fail", "missing", "program", "no-program"])
def test_a_photo_decoder_costs_the_picture_at_most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    (tmp_path / "stand_in_decoder.py").write_text(DECODER, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    if way == "hang":
        monkeypatch.setattr(photo, "DECODE_WITHIN", 0.5)
    decoder = {
        "program": f"{sys.executable} -c \"import sys; sys.stdout.write('BM' + sys.stdin.read(3))\"",
        "no-program": "/no/such/program --stdout",
    }.get(way, f"stand_in_decoder:{way}")
    picture = photo.PhotoWorker(decoder).decode(b"WLT" + bytes(1021))
    assert picture == (b"BMWLT" if way in ("decode", "program") else None)


def test_a_card_comes_with_its_picture(
    simulator, watch: Watch, events, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "stand_in_decoder.py").write_text(DECODER, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    reader = simulator("id_card")
    watch(reader.said["port"], photo_decoder="stand_in_decoder:decode")
    reader(f"place {write(PERSON)}")
    assert events.wait(CardRead).card.picture == b"BMWLT"


@pytest.mark.parametrize(
    "keys",
    [
        {"port": "ttyS0"}, {"port": "usb:printer"}, {"port": "hid:printer"}, {"port": ""},
        {"port": "/dev/ttyS0", "photo_decoder": "'"}, {"port": "/dev/ttyS0", "photo_decoder": " "},
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_refused(keys: dict[str, str]) -> None:
    with pytest.raises(ConfigError):
        IdCardReader(**keys)


def test_the_command_line_says_what_a_card_says(simulator, run, write: Write) -> None:
    reader = simulator("id_card")
    port = reader.said["port"]
    status = json.loads(run("drivers.id_card", "status", "--port", port, "--json").stdout)
    assert status["sam"] == "05.01-20131207-0000012345-0000000678"
    reader(f"place {write(OF_2023 | {'fingerprint': 512})}")
    words = ("drivers.id_card", "read", "--port", port, "--json", "--timeout", "10")
    card = json.loads(run(*words, "--fingerprint").stdout)["card"]
    assert card == {
        "kind": "Y", "name": "测试甲", "sex": "女", "nation": "", "birth": "1990-02-28", "address": "",
        "number": "911999199002280016", "authority": "", "valid_from": "2020-01-01", "valid_to": "2030-01-01",
        "english_name": "A" * 34 + " " + "B" * 11, "country": "XXX", "pass_number": "", "issue_count": "01",
        "version": "", "association": "018", "old_number": "XXX110190022885", "new_address": "", "current_address": "",
        "number_checks": True, "photo_bytes": 1024, "fingerprint_bytes": 512, "picture_bytes": 0,
    }  # fmt: skip
    reader("sw 3001 000032")
    failed = run(*words)
    assert failed.returncode == 1
    assert json.loads(failed.stdout) == {
        "result": "failed", "reason": "rejected", "detail": "sam-rejected-card", "sw": "00 00 32",
    }  # fmt: skip
    reader("fault not-authorised")
    useless = run(*words[:-1], "60")
    assert useless.returncode == 1 and json.loads(useless.stdout)["detail"] == "sam-not-authorised"
    gone = run("drivers.id_card", "read", "--port", "/dev/no-such-port", "--json")
    assert gone.returncode == 1 and json.loads(gone.stdout)["detail"] == "gone"
    wrong = run("drivers.id_card", "read", "--port", "ttyS0", "--json")
    assert wrong.returncode == 2 and json.loads(wrong.stdout)["result"] == "wrong-use"
    for more in (
        ("--port", f"{port}?baudrate=fast"),
        ("--port", port, "--timeout", "0"),
        ("--port", port, "--timeout", "x"),
    ):
        assert run("drivers.id_card", "read", *more, "--json").returncode == 2, more


def test_stop_ends_the_thread_in_its_stated_time(simulator, events, write: Write) -> None:
    reader = simulator("id_card")
    silent = IdCardReader(reader.said["port"])
    for fault in ("none", "silence", "drop"):
        reader(f"fault {fault}")
        silent.start(events)
        events.wait(StatusChanged)
        began = time.monotonic()
        silent.stop()
        assert time.monotonic() - began < device.STOP_WITHIN
        assert not [thread for thread in threading.enumerate() if thread.name == "id-card-reader"]


def test_whatever_happens_the_story_holds_together(simulator, watch: Watch, events, write: Write) -> None:
    """Cards that come and go while the line breaks and mends, in an order nobody chose."""
    reader = simulator("id_card")
    watched = watch(reader.said["port"])
    chance = random.Random(20261121)
    path = write(PERSON)
    for _ in range(30):
        reader(
            chance.choice([f"place {path}", f"place {path}", "lift", "fault none", f"fault {chance.choice(FAULTS)}"])
        )
        time.sleep(chance.uniform(0, 0.4))
    reader("fault none")
    reader("lift")
    watched.look_again()
    until(lambda: watched.status.usable and watched.status.media is MediaState.NOT_PRESENT)
    reader(f"place {path}")
    events.wait(CardRead)
    lying, status = False, None
    for event in events.seen:
        if isinstance(event, StatusChanged):
            assert event.status != status, "a change that is none"
            status = event.status
        else:
            assert lying is isinstance(event, CardRemoved), "a card leaves once, and before the next is told"
            lying = not lying
    assert reader("state")["shortest_find_gap"] >= device.POLL_INTERVAL
