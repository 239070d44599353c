"""The reader of 社会保障卡 and bank cards: every state crossed with every fault of chip, reader and pcscd."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from drivers.smart_card import CardFailed, CardInserted, CardRead, CardRemoved, SmartCardReader, StatusChanged
from drivers.smart_card.device import SILENT_FOR
from drivers.status import DeviceState, DeviceStatus, MediaState
from tests.drivers.conftest import Events, Simulator
from tests.faults.devices import matrix

_READER_FAULTS = {"drop": "offline: no-reader", "gone": "offline: no-service", "frozen": "offline: no-answer"}
# Without a chip, or with one that nobody asks anything, its faults are not met.
_CHIP_FAULTS = ("mute", "silence", "slow", "garbage", "half-frame", "bad-status", "lifted-in-middle")
_NO_CHIP = dict.fromkeys(_CHIP_FAULTS, matrix.NOT_MET)
EXPECTED: matrix.Expected = {
    # another program holds the empty reader: nothing to see before a card comes
    "empty": {**_NO_CHIP, **_READER_FAULTS, "busy": "works"},
    # the fault is there before the card
    "card comes": {
        "mute": "failed: mute",
        "silence": "failed: no-answer",
        "slow": "read",
        "garbage": "failed: unreadable",
        "half-frame": "failed: unreadable",
        "bad-status": "failed: unreadable",
        "lifted-in-middle": "failed: lifted-early",
        # no card can come into these
        "drop": matrix.NOT_MET,
        "gone": matrix.NOT_MET,
        "frozen": matrix.NOT_MET,
        "busy": "deviceBusy: in-use",
    },
    # the fault comes while the chip is read
    "reading": {
        "mute": matrix.NOT_MET,  # only a reset can fail so
        "silence": "failed: no-answer",
        "slow": "read",
        "garbage": "failed: unreadable",
        "half-frame": "failed: unreadable",
        "bad-status": "failed: unreadable",
        "lifted-in-middle": "failed: lifted-early",
        "drop": "offline: no-reader",
        "gone": "offline: no-service",
        "frozen": "failed: no-answer",
        "busy": matrix.NOT_MET,  # the driver itself holds the reader
    },
    "card read": {**_NO_CHIP, **_READER_FAULTS, "busy": "works"},
}
_READY = DeviceStatus(DeviceState.ONLINE, media=MediaState.NOT_PRESENT)
_RESTARTED = DeviceStatus(DeviceState.OFFLINE, "no-service", media=MediaState.UNKNOWN)
_PERSON = {"kind": "social-security", "number": "11010519491231002X", "name": "赵验甲", "sex": "2"}


class Rig:
    """The driver, a private pcscd and a chip to plug in."""

    limit = SILENT_FOR + 1.0  # a hanging call is ended after that long; a chip that left is seen within 0.6 s

    def __init__(self, folder: Path) -> None:
        self.reader = Simulator("card_reader")
        self.chip = Simulator("smart_card", "--vpcd", self.reader.said["vpcd"])
        self.person = folder / "person.json"
        self.person.write_text(json.dumps(_PERSON))
        self.events = Events()
        self.driver = SmartCardReader(socket=self.reader.said["socket"])
        self.driver.start(self.events)
        self.state = ""

    def enter(self, state: str) -> None:
        self.state = state
        self._online()
        if state == "reading":
            self.chip("fault slow")
        if state in ("reading", "card read"):
            self.chip(f"insert {self.person}")
            self.events.wait(CardInserted if state == "reading" else CardRead, timeout=20)
            asked = self._asked()
            while state == "reading" and self._asked() < asked + 2:
                time.sleep(0.02)

    def meet(self, fault: str) -> str:
        of_reader = fault in ("drop", "gone", "frozen", "busy")
        (self.reader if of_reader else self.chip)(f"fault {fault}")
        if self.state == "card comes":
            self.chip(f"insert {self.person}")
        if fault == "busy" and self.state in ("empty", "card read"):
            self.events.none_of(StatusChanged, 1.5)
            return "works"
        deadline = time.monotonic() + self.limit + matrix.BUSY_MACHINE
        while (left := deadline - time.monotonic()) > 0:
            event = self.events.wait(object, timeout=left)
            if isinstance(event, CardFailed):
                return f"failed: {event.reason}"
            if isinstance(event, CardRead):
                return "read"
            if fault == "drop" and getattr(event, "status", None) == _RESTARTED:
                continue  # pcscd starts anew without its reader
            if isinstance(event, StatusChanged) and not event.status.usable:
                return f"{event.status.device.value}: {event.status.detail}"
        return "nothing"

    def recover(self) -> None:
        self.reader("fault none")
        self.chip("fault none")
        self.chip("lift")
        self.driver.look_again()
        # pcscd resets what a killed program held; a chip that comes within its next look at the slot (0.4 s) stays
        # unseen by pcscd itself until it is taken out again. No hand is that fast.
        time.sleep(0.6)
        if not self._is_ready(5):
            # pcscd, stopped while the chip left, may believe in it: whoever stands there puts it in and takes it out
            self.chip(f"insert {self.person}")
            time.sleep(1)
            self.chip("lift")
        self._online()  # and what is told of the fault is passed over
        self.chip(f"insert {self.person}")
        read = self.events.wait(CardRead, timeout=20)
        assert read.card.number == _PERSON["number"] and read.card.name == _PERSON["name"]
        self.chip("lift")
        self.events.wait(CardRemoved, timeout=20)

    def close(self) -> None:
        self.driver.stop()
        self.chip.stop()
        self.reader.stop()

    def _asked(self) -> int:
        return sum(self.chip("state")["instructions"].values())

    def _online(self) -> None:
        assert self._is_ready(20), f"not ready after 20 s: {self.driver.status}"

    def _is_ready(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while self.driver.status != _READY and time.monotonic() < end:
            time.sleep(0.02)
        return self.driver.status == _READY


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], matrix.Met]:
    return matrix.meet_all("smart_card", Rig, EXPECTED, tmp_path_factory.mktemp("smart_card"))


@pytest.mark.parametrize("cell", matrix.cells("smart_card", EXPECTED))
def test_cell(cell: matrix.Cell, met: dict[tuple[str, str], matrix.Met], record_property) -> None:
    matrix.judge(cell, met, record_property)
