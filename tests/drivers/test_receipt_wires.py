"""The receipt printer on every wire, printers that answer less than they might, and what it tells by itself."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.receipt_printer import Field, Heading, Receipt, ReceiptPrinter, StatusChanged, Text
from drivers.receipt_printer.encode import encode_for
from drivers.receipt_printer.profile import profile
from drivers.receipt_printer.status import (
    AnswerDecoder,
    Cleared,
    InTurn,
    RealTime,
    Stray,
    Unsolicited,
    answers_of,
    believed,
)
from drivers.status import DeviceState, PaperState
from drivers.wire import open_wire
from tests.drivers.conftest import ROOT, Events

RECEIPT = Receipt([Heading("受理凭证"), Field("姓名", "张𠮷"), *[Text(f"第{n}行，测试。") for n in range(8)]])
NEXT = Receipt([Text("下一位")])
QUICK = {"timeout": 0.5, "print_time": 2.0}


def lines(out: Path, number: int) -> list[str]:
    return (out / f"receipt-{number}.txt").read_text(encoding="utf-8").split()


def soon(true, what: str) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


@pytest.mark.parametrize("wire", ["serial", "file"])
def test_serial_line_and_device_file(wire: str, simulator, tmp_path: Path) -> None:
    simulated = simulator("receipt_printer", "--out", str(tmp_path), "--wire", wire)
    printer = ReceiptPrinter(simulated.said["port"], **QUICK)
    assert printer.status().usable
    assert printer.print(RECEIPT).result == "confirmed"
    assert (tmp_path / "receipt-1.bin").read_bytes() == encode_for(RECEIPT, profile(), trim=wire == "serial").data
    simulated("fault paper-out")
    assert (printer.print(RECEIPT).result, printer.last_status.device) == ("failed", DeviceState.ONLINE)
    simulated("fault drop")
    soon(lambda: printer.status().detail == "gone", "the port is still there")
    outcome = printer.print(RECEIPT)
    assert (outcome.result, outcome.reason, outcome.detail) == ("failed", "offline", "gone")
    simulated("fault none")
    soon(lambda: printer.status().usable, "it did not come back")
    assert printer.print(NEXT).result == "confirmed" and lines(tmp_path, 2) == ["下一位"]


def test_half_a_picture_of_an_ended_program_does_not_block_the_line(simulator, tmp_path: Path) -> None:
    simulated = simulator("receipt_printer", "--out", str(tmp_path), "--wire", "serial")
    wire = open_wire(simulated.said["port"])
    wire.write(b"\x1b@\x1dv0\x00\x48\x00\x1e\x00" + b"\xff" * 300)
    wire.close()
    printer = ReceiptPrinter(simulated.said["port"], **QUICK)
    assert printer.print(NEXT).result == "confirmed"
    assert lines(tmp_path, 1) == ["下一位"]


def test_a_pipe_takes_a_receipt_and_nobody_knows_more(simulator, tmp_path: Path) -> None:
    simulated = simulator("receipt_printer", "--out", str(tmp_path), "--wire", "pipe")
    printer = ReceiptPrinter(simulated.said["port"], model="silent", **QUICK)
    status = printer.status()
    assert (status.detail, status.paper, status.usable) == ("not-reported", PaperState.UNKNOWN, False)
    for number in (1, 2):
        outcome = printer.print(NEXT)
        assert (outcome.result, outcome.reason) == ("uncertain", "not-reported")
        soon((tmp_path / f"receipt-{number}.txt").exists, "it did not come out")
        assert lines(tmp_path, number) == ["下一位"]


def test_a_mute_printer_is_failed_unless_the_model_says_that_it_is_mute(simulator, tmp_path: Path) -> None:
    simulated = simulator("receipt_printer", "--out", str(tmp_path), "--no-dle-eot", "--no-gs-r")
    outcome = ReceiptPrinter(simulated.said["port"], **QUICK).print(RECEIPT)
    assert (outcome.result, outcome.reason) == ("failed", "no-answer")
    assert simulated("state")["waiting"] == 0 and not simulated("state")["lines"]
    outcome = ReceiptPrinter(simulated.said["port"], model="silent", **QUICK).print(RECEIPT)
    assert (outcome.result, outcome.reason) == ("uncertain", "not-reported")
    soon((tmp_path / "receipt-1.txt").exists, "it did not come out")


def test_a_printer_without_gs_r_is_confirmed_by_its_status(simulator, tmp_path: Path) -> None:
    simulated = simulator("receipt_printer", "--out", str(tmp_path), "--no-gs-r", "--pace", "0.02", "--asb")
    printer = ReceiptPrinter(simulated.said["port"], **QUICK)
    outcome = printer.print(RECEIPT)
    assert (outcome.result, outcome.reason, outcome.detail) == ("confirmed", "ok", "by-status")
    assert lines(tmp_path, 1)[-1] == "第7行，测试。"
    for count, (fault, reason) in enumerate((("paper-out", "paper-out"), ("drop", "offline"))):
        simulated(f"fault {fault}-midway")
        outcome = printer.print(RECEIPT)
        assert (outcome.result, outcome.reason) == ("uncertain", reason)
        simulated("fault near-end")
        assert printer.print(NEXT).detail == "paper-low by-status"
        assert lines(tmp_path, 2 + count) == ["下一位"], "something of the old receipt came out"


@pytest.mark.parametrize("wire", ["tcp", "serial"])
def test_a_printer_that_cannot_forget_gets_a_cut_first(wire: str, simulator, tmp_path: Path) -> None:
    """The old one's rest is on a piece of its own, and its late word is not taken for the new one's."""
    simulated = simulator(
        "receipt_printer", "--out", str(tmp_path), "--wire", wire, "--no-clear", "--pace", "0.05",
        "--fault", "cover-open-midway",
    )  # fmt: skip
    printer = ReceiptPrinter(simulated.said["port"], **QUICK)
    assert printer.print(RECEIPT).result == "uncertain"
    simulated("fault none")
    outcome = printer.print(NEXT)
    assert (outcome.result, outcome.detail) == ("confirmed", "")
    last = tmp_path / f"receipt-{simulated('state')['receipts']}.txt"
    assert last.read_text(encoding="utf-8").split() == ["下一位"]
    assert simulated("state")["unknown"] == []


def test_a_printer_that_rests_between_two_connections(simulator, tmp_path: Path) -> None:
    simulated = simulator("receipt_printer", "--out", str(tmp_path), "--rests", "0.3")
    printer = ReceiptPrinter(simulated.said["port"], **QUICK)
    assert printer.status().usable
    assert printer.print(NEXT).result == "confirmed" and printer.print(NEXT).result == "confirmed"


def test_busy_for_a_moment_and_status_that_comes_unasked(simulator, tmp_path: Path) -> None:
    simulated = simulator("receipt_printer", "--out", str(tmp_path), "--asb")
    printer = ReceiptPrinter(simulated.said["port"], timeout=2.0, print_time=2.0)
    simulated("fault busy-briefly")
    assert printer.print(NEXT).result == "confirmed"
    for fault, reason in (("paper-out-midway", "paper-out"), ("cutter-error", "jam")):
        simulated(f"fault {fault}")
        outcome = printer.print(RECEIPT)  # a block comes while the answer is waited for, and is not taken for it
        assert (outcome.result, outcome.reason) == ("uncertain", reason)


# what it tells by itself


def is_open(event: StatusChanged) -> bool:
    return event.status.cover_open is True


def is_well(event: StatusChanged) -> bool:
    return event.status.usable


def test_the_cover_is_told_by_itself_on_a_serial_line(simulator, tmp_path: Path, events: Events) -> None:
    simulated = simulator("receipt_printer", "--out", str(tmp_path), "--wire", "serial")
    printer = ReceiptPrinter(simulated.said["port"], model="epson-tm-t20ii", **QUICK, poll_seconds=3600)
    printer.start(events)
    events.wait(StatusChanged, is_well, 20)
    speed = subprocess.check_output(["stty", "-F", tmp_path / "lp0", "speed"], text=True).strip()
    assert speed == "38400", "the address names none: it is the model's"
    simulated("fault cover-open")
    events.wait(StatusChanged, is_open, 20)
    assert printer.print(RECEIPT).reason == "cover-open"
    simulated("fault none")
    events.wait(StatusChanged, is_well, 20)
    assert printer.print(RECEIPT).result == "confirmed"  # its ESC @ switches telling off; it is switched on again
    simulated("fault paper-out")
    events.wait(StatusChanged, lambda event: event.status.paper is PaperState.OUT, 20)
    simulated("fault drop")
    events.wait(StatusChanged, lambda event: event.status.device is DeviceState.OFFLINE, 20)
    simulated("fault none")
    printer.look_again()
    events.wait(StatusChanged, is_well, 20)
    printer.stop()
    assert printer.print(NEXT).result == "confirmed", "the line was not let go of"


def test_over_tcp_it_is_asked_now_and_then_and_the_connection_is_free(
    simulator, tmp_path: Path, events: Events
) -> None:
    simulated = simulator("receipt_printer", "--out", str(tmp_path), "--one-connection")
    printer = ReceiptPrinter(simulated.said["port"], **QUICK, poll_seconds=0.2)
    printer.start(events)
    events.wait(StatusChanged, is_well, 20)
    simulated("fault cover-open")
    events.wait(StatusChanged, is_open, 20)
    simulated("fault none")
    events.wait(StatusChanged, is_well, 20)
    other = ReceiptPrinter(simulated.said["port"], timeout=5.0)
    assert other.print(NEXT).result == "confirmed"
    assert printer.print(NEXT).result == "confirmed"
    printer.stop()


def test_over_tcp_it_tells_by_itself_where_it_takes_more_connections(simulator, tmp_path: Path, events: Events) -> None:
    simulated = simulator("receipt_printer", "--out", str(tmp_path))
    printer = ReceiptPrinter(simulated.said["port"], model="epson-tm-t88v", **QUICK, poll_seconds=3600, connections=2)
    printer.start(events)
    events.wait(StatusChanged, is_well, 20)
    assert ReceiptPrinter(simulated.said["port"], **QUICK).print(NEXT).result == "confirmed"
    simulated("fault cover-open")
    events.wait(StatusChanged, is_open, 20)
    simulated("fault none")
    events.wait(StatusChanged, is_well, 20)
    assert printer.print(NEXT).result == "confirmed"
    printer.stop()


# the bytes


def test_the_answer_to_clearing_is_not_taken_for_another() -> None:
    decoder = AnswerDecoder()
    assert list(decoder.feed(b"\x12\x37\x25")) == [RealTime(0x12)]
    assert list(decoder.feed(b"\x00\x00")) == [Cleared(), InTurn(0)]
    assert list(decoder.feed(b"\x37\x12")) == [Stray(0x37), RealTime(0x12)]


WHOLE = st.one_of(
    st.sampled_from([0x12, 0x1A, 0x16, 0x1E, 0x7E, 0x32, 0x52]).map(lambda byte: (bytes((byte,)), RealTime(byte))),
    st.sampled_from([0x00, 0x03, 0x0C, 0x0F]).map(lambda byte: (bytes((byte,)), InTurn(byte))),
    st.tuples(
        st.sampled_from([0x10, 0x18, 0x30, 0x38, 0x14]), *[st.sampled_from([0, 3, 8, 0x0C, 0x0F, 0x2C, 0x6F])] * 3
    ).map(lambda block: (bytes(block), Unsolicited(bytes(block)))),
    st.just((b"\x37\x25\x00", Cleared())),
)


@given(st.lists(WHOLE, max_size=12), st.lists(st.integers(1, 5), min_size=1))
def test_answers_in_pieces_of_any_size(sent: list[tuple[bytes, object]], sizes: list[int]) -> None:
    data, decoder, found, turn = b"".join(part for part, _ in sent), AnswerDecoder(), [], 0
    while data:
        size = sizes[turn % len(sizes)]
        found += decoder.feed(data[:size])
        data, turn = data[size:], turn + 1
    assert found == [answer for _, answer in sent]


def test_half_a_block_is_given_up_after_a_silence() -> None:
    decoder = AnswerDecoder()
    assert list(decoder.feed(b"\x10\x00")) == []
    decoder.silence()
    assert list(decoder.feed(b"\x03")) == [InTurn(3)]
    assert list(decoder.feed(b"\xff\xa7\x11\x13")) == [Stray(0xFF), Stray(0xA7)]


@pytest.mark.parametrize(
    ("block", "detail", "paper", "cover"),
    [
        (b"\x10\x00\x00\x00", "", PaperState.FULL, False),
        (b"\x10\x00\x03\x00", "paper-low", PaperState.LOW, False),
        (b"\x18\x00\x0f\x00", "paper-out", PaperState.OUT, False),
        (b"\x38\x00\x00\x00", "cover-open", PaperState.FULL, True),
        (b"\x18\x08\x00\x00", "jam", PaperState.JAMMED, False),
        (b"\x18\x20\x00\x00", "error", PaperState.FULL, False),
        (b"\x18\x40\x00\x00", "busy", PaperState.FULL, False),
        (b"\x18\x00\x00\x00", "busy", PaperState.FULL, False),
    ],
)
def test_a_status_block(block: bytes, detail: str, paper: PaperState, cover: bool) -> None:
    assert list(AnswerDecoder().feed(block)) == [Unsolicited(block)]
    status = believed(answers_of(block))
    assert (status.detail, status.paper, status.cover_open) == (detail, paper, cover)


def test_what_a_model_cannot_be_believed_in_is_unknown() -> None:
    assert believed({1: 0x12}).paper is PaperState.UNKNOWN and not believed({1: 0x12}).usable
    assert believed({1: 0x12, 4: 0x12}).cover_open is None and believed({1: 0x12, 4: 0x12}).usable
    assert believed({1: 0x12, 2: 0x12, 4: 0x1E}, near_end=False).paper is PaperState.FULL
    assert believed({1: 0x12, 2: 0x12, 4: 0x7E}, near_end=False).paper is PaperState.OUT
    assert believed({1: 0x12, 2: 0x12, 4: 0x12}, cover=False).cover_open is None


# the command line


def test_the_command_line_on_other_wires(simulator, run, tmp_path: Path) -> None:
    simulated = simulator("receipt_printer", "--out", str(tmp_path / "out"), "--wire", "serial")
    printed = subprocess.run(
        [sys.executable, "-m", "drivers.receipt_printer", "print", "--to", simulated.said["port"], "--json", "-"],
        input="\ufeff# 测试\n姓名：张𠮷\n".encode(), cwd=ROOT, capture_output=True, timeout=30, check=False,
    )  # fmt: skip
    assert (printed.returncode, json.loads(printed.stdout)["result"]) == (0, "confirmed")
    assert lines(tmp_path / "out", 1) == ["测试", "[picture]"]
    watched = run("drivers.receipt_printer", "watch", "--to", simulated.said["port"], "--seconds", "0.5", "--json")
    assert watched.returncode == 0 and json.loads(watched.stdout.splitlines()[0])["event"] == "StatusChanged"
    file = tmp_path / "long.txt"
    file.write_text(f"[QR: {'x' * 800}]", encoding="utf-8")
    wrong = run("drivers.receipt_printer", "print", "--to", simulated.said["port"], str(file), "--json")
    assert wrong.returncode == 2 and json.loads(wrong.stdout)["reason"] == "file"
    assert "Traceback" not in wrong.stderr
