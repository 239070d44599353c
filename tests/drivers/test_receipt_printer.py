"""The receipt printer through its simulator on a TCP port."""

from __future__ import annotations

import json
import time
from pathlib import Path

import cv2
import pytest

from drivers.code_scanner.decode import decode
from drivers.errors import ConfigError
from drivers.receipt_printer import Field, Heading, Qr, Receipt, ReceiptPrinter, Text
from drivers.receipt_printer.encode import encode
from drivers.status import DeviceState, PaperState

RECEIPT = Receipt(
    [
        Heading("受理凭证"),
        Field("姓名", "测试甲"),
        Field("费用", "￥12.50"),
        *[Text(f"第{n}行，测试。") for n in range(8)],
        Qr("https://example.invalid/1"),
    ]
)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "receipts"


def printer_at(simulated) -> ReceiptPrinter:
    return ReceiptPrinter(simulated.said["port"], timeout=0.5, print_time=1.0)


def test_a_receipt_is_printed_and_confirmed(simulator, out: Path) -> None:
    simulated = simulator("receipt_printer", "--out", str(out))
    printer = printer_at(simulated)
    assert printer.status().usable and printer.status().paper is PaperState.FULL
    outcome = printer.print(RECEIPT)
    assert (outcome.result, outcome.reason) == ("confirmed", "ok")
    text = (out / "receipt-1.txt").read_text(encoding="utf-8").splitlines()
    assert text[:3] == ["受理凭证", "姓名：      测试甲", "费用：      ￥12.50"]
    assert "[QR: https://example.invalid/1]" in text
    # confirmed means that the last byte before the question was worked on
    assert (out / "receipt-1.bin").read_bytes() == encode(RECEIPT)
    picture = cv2.imread(str(out / "receipt-1.png"))
    assert picture is not None and [code.text for code in decode(picture)] == ["https://example.invalid/1"]
    assert simulated("state")["unknown"] == []


@pytest.mark.parametrize(
    ("fault", "reason", "state"),
    [
        ("paper-out", "paper-out", DeviceState.ONLINE),
        ("cover-open", "cover-open", DeviceState.USER_ERROR),
        ("jam", "jam", DeviceState.HARDWARE_ERROR),
        ("busy", "busy", DeviceState.DEVICE_BUSY),
        ("silence", "no-answer", DeviceState.OFFLINE),
        ("drop", "offline", DeviceState.OFFLINE),
    ],
)
def test_a_printer_that_cannot_print_gets_nothing(
    simulator, out: Path, fault: str, reason: str, state: DeviceState
) -> None:
    simulated = simulator("receipt_printer", "--out", str(out), "--fault", fault)
    printer = printer_at(simulated)
    outcome = printer.print(RECEIPT)
    assert (outcome.result, outcome.reason) == ("failed", reason)
    status = printer.status()
    assert not status.usable and status.device is state
    simulated("fault none")
    time.sleep(0.1)
    assert simulated("state")["receipts"] == 0, "something came out after all"
    assert printer.print(RECEIPT).result == "confirmed"


@pytest.mark.parametrize(("fault", "reason"), [("paper-out-midway", "paper-out"), ("silence-midway", "no-answer")])
def test_a_printer_that_stops_midway_is_uncertain(simulator, out: Path, fault: str, reason: str) -> None:
    simulated = simulator("receipt_printer", "--out", str(out), "--fault", fault)
    outcome = printer_at(simulated).print(RECEIPT)
    assert (outcome.result, outcome.reason) == ("uncertain", reason)


def test_what_a_stopped_printer_held_does_not_come_out_later(simulator, out: Path) -> None:
    simulated = simulator("receipt_printer", "--out", str(out), "--fault", "paper-out-midway")
    printer = printer_at(simulated)
    assert printer.print(RECEIPT).result == "uncertain"
    assert simulated("state")["waiting"] == 0
    simulated("fault none")
    assert printer.print(Receipt([Text("下一位")])).result == "confirmed"
    assert (out / "receipt-1.txt").read_text(encoding="utf-8").split() == ["下一位"]


def test_paper_near_its_end_and_status_that_comes_by_itself_do_no_harm(simulator, out: Path) -> None:
    simulated = simulator("receipt_printer", "--out", str(out), "--fault", "near-end")
    printer = printer_at(simulated)
    assert printer.status().paper is PaperState.LOW and printer.status().usable
    assert printer.print(RECEIPT).result == "confirmed"
    simulated("fault chatty")
    assert printer.status().usable and printer.status().paper is PaperState.FULL
    assert printer.print(RECEIPT).result == "confirmed"


def test_a_printer_that_knows_two_questions_prints(simulator, out: Path) -> None:
    simulated = simulator("receipt_printer", "--out", str(out), "--dle-eot", "1", "4", "--no-gs-r")
    printer = printer_at(simulated)
    status = printer.status()
    assert status.usable and status.paper is PaperState.FULL and status.cover_open is None
    assert printer.print(RECEIPT).result == "confirmed"
    simulated("fault paper-out")
    assert printer.print(RECEIPT).reason == "paper-out"
    simulated("fault silence")
    assert printer.status().detail == "no-answer"


def test_nobody_there_is_offline() -> None:
    printer = ReceiptPrinter("tcp://127.0.0.1:9", timeout=0.5)
    assert printer.status().device is DeviceState.OFFLINE
    assert printer.print(RECEIPT).result == "failed"
    with pytest.raises(ConfigError):
        ReceiptPrinter("usb:1")


def test_the_command_line(simulator, run, out: Path, tmp_path: Path) -> None:
    simulated = simulator("receipt_printer", "--out", str(out))
    to = simulated.said["port"]
    file = tmp_path / "receipt.txt"
    file.write_text("# 测试\n---\n姓名：测试甲\n\n[QR: abc]\n谢谢\n", encoding="utf-8")
    done = run("drivers.receipt_printer", "print", "--to", to, str(file), "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["result"] == "confirmed"
    printed = (out / "receipt-1.txt").read_text(encoding="utf-8").splitlines()
    assert printed[0] == "测试" and "姓名：测试甲" in printed
    assert run("drivers.receipt_printer", "status", "--to", to, "--json").returncode == 0
    simulated("fault paper-out")
    done = run("drivers.receipt_printer", "status", "--to", to, "--json")
    assert done.returncode == 1 and json.loads(done.stdout)["paper"] == "out"
    assert run("drivers.receipt_printer", "print", "--to", to).returncode == 2
    assert run("drivers.receipt_printer", "status", "--to", "nonsense").returncode == 2
