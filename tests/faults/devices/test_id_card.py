"""The card reader: every state crossed with every fault of a reader, its line or its SAM."""

from __future__ import annotations

import json
import queue
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from drivers.id_card import CardEvent, CardFailed, CardRead, IdCardReader, StatusChanged
from drivers.status import DeviceStatus, MediaState
from tests.drivers.conftest import Simulator
from tests.faults.devices import matrix

_PERSON = {
    "name": "测试甲", "sex": "女", "nation": "11", "birth": "1990-02-28", "address": "某省某市某区某路1号",
    "number": "110101199002280022", "authority": "某市公安局", "valid_from": "2020-01-01", "valid_to": "长期",
}  # fmt: skip
_LINE = {
    "silence": "offline: no-answer",
    "drop": "offline: gone",
    "garbage": "hardwareError: garbage",
    "half-frame": "hardwareError: garbage",
    "slow": "works",
    "noise": "works",
    "busy": "works",
    "late": "offline: no-answer",
    "self-test-failed": "hardwareError: self-test-failed",
    "not-authorised": "hardwareError: sam-not-authorised",
    "hung": "hardwareError: self-test-failed",
}
# What a card does, and what shows only while one is read.
_CARD = ("bad-checksum", "lifted-in-middle", "wrong-kind", "unreadable", "unselectable")
_NO_CARD_FAULTS = dict.fromkeys(_CARD, matrix.NOT_MET)
_BETWEEN = _LINE | {
    "garbage": "failed: unreadable",
    "half-frame": "failed: unreadable",
    "silence": "failed: no-answer",
}
EXPECTED: matrix.Expected = {
    # no card is read in these two, so none can fail
    "not started": _LINE | _NO_CARD_FAULTS,
    "waiting": _LINE | _NO_CARD_FAULTS,
    # the faults of cards are those of the next state but one
    "selecting": _BETWEEN | _NO_CARD_FAULTS | {"late": "failed: no-answer"},
    "reading": _BETWEEN | _NO_CARD_FAULTS | {"late": "works"},  # 1.5 s late is in time for a read
    # the fault is there before the card; those of the line and the SAM are met while waiting for it
    "card laid": dict.fromkeys(_LINE, matrix.NOT_MET)
    | {
        "bad-checksum": "failed: bad-checksum",
        "lifted-in-middle": "failed: lifted-early",
        "wrong-kind": "failed: wrong-kind",
        "unreadable": "failed: unreadable",
        "unselectable": "failed: unreadable",
    },
    # it was read; that it can no longer be selected does not make it another card
    "card lying": _LINE | _NO_CARD_FAULTS | {"unselectable": "works"},
}
_ORDER = {"selecting": "2002", "reading": "3001"}


class Rig:
    """A reader and its simulator."""

    limit = 6.0  # two looks for a card of 1.3 s each, or select and 3 s of a read, and one more answer

    def __init__(self, folder: Path) -> None:
        self.simulator = Simulator("id_card")
        self.person = folder / "person.json"
        self.person.write_text(json.dumps(_PERSON), encoding="utf-8")
        self.reader = IdCardReader(self.simulator.said["port"])
        self.events: queue.Queue[CardEvent] = queue.Queue()
        self.state = ""

    def enter(self, state: str) -> None:
        if state == "not started":
            assert self.reader.check().usable
        elif not self.state:
            self.reader.start(self.events.put)
            self._until(lambda: self.reader.status.usable)
        self.state = state
        lying = state != "not started" and self.reader.status.media is MediaState.PRESENT
        if state == "card lying" and not lying:
            self.simulator(f"place {self.person}")
            self._until(lambda: self.reader.status.media is MediaState.PRESENT)
        if (
            state in ("waiting", "selecting", "card laid") and lying
        ):  # a card to be read may take the place of one that was
            self._lift()
        while not self.events.empty():
            self.events.get()

    def meet(self, fault: str) -> str:
        if self.state == "not started":
            self.simulator(f"fault {fault}")
            return self._said(self.reader.check())
        if self.state in _ORDER:
            self.simulator(f"at {_ORDER[self.state]} {fault}")
            self.simulator(f"place {self.person}")
            return self._next()
        self.simulator(f"fault {fault}")
        if self.state == "card laid":
            self.simulator(f"place {self.person}")
            return self._next()
        asked = self._asked()
        harmless = EXPECTED[self.state][fault] == "works"
        return self._next(lambda: harmless and self._asked() > asked + 1)

    def recover(self) -> None:
        self.simulator("fault none")
        if self.state == "not started":
            self._until(lambda: self.reader.check().usable)
            return
        self.reader.look_again()
        self._lift()
        self._heard()
        self.simulator(f"place {self.person}")
        self._until(lambda: any(isinstance(event, CardRead) for event in self._heard()))

    def close(self) -> None:
        self.reader.stop()
        self.simulator.stop()

    def _lift(self) -> None:
        self.simulator("lift")
        self._until(lambda: self.reader.status.usable and self.reader.status.media is MediaState.NOT_PRESENT)

    def _next(self, enough: Callable[[], bool] = lambda: False) -> str:
        """The first word of what happens."""
        end = time.monotonic() + self.limit + matrix.BUSY_MACHINE
        while time.monotonic() < end:
            for event in self._heard():
                if isinstance(event, CardRead):
                    return "works"
                if isinstance(event, CardFailed):
                    return f"failed: {event.reason}"
                if isinstance(event, StatusChanged):
                    return self._said(event.status)
            if enough():
                return self._said(self.reader.status)
            time.sleep(0.02)
        return "nothing was told"

    def _heard(self) -> list[CardEvent]:
        return [self.events.get() for _ in range(self.events.qsize())]

    def _asked(self) -> int:
        return int(self.simulator("state")["asked"].get("2001", 0))

    @staticmethod
    def _said(status: DeviceStatus) -> str:
        return "works" if status.usable else f"{status.device.value}: {status.detail}"

    @staticmethod
    def _until(true: Callable[[], object]) -> None:
        end = time.monotonic() + 20
        while not true():
            assert time.monotonic() < end, "not in 20 s"
            time.sleep(0.02)


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], matrix.Met]:
    return matrix.meet_all("id_card", Rig, EXPECTED, tmp_path_factory.mktemp("id-card"))


@pytest.mark.parametrize("cell", matrix.cells("id_card", EXPECTED))
def test_cell(cell: matrix.Cell, met: dict[tuple[str, str], matrix.Met], record_property) -> None:
    matrix.judge(cell, met, record_property)
