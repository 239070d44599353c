"""The sound: every state crossed with every fault of a card."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from drivers.sound import PromptEnded, PromptFailed, Sound
from drivers.sound.player import PATIENCE
from tests.drivers.conftest import Events, Simulator
from tests.drivers.test_sound import tone
from tests.faults.devices import matrix

_AT_START = {
    "drop": "offline: no-device",
    "busy": "deviceBusy: in-use",
    "silence": "offline: no-answer",
    "crash": "hardwareError: player-failed",
    "slow": "works",
}
EXPECTED: matrix.Expected = {
    # check() of a sound that is not started, and of one that is
    "not started": _AT_START,
    "idle": _AT_START,
    # a prompt is begun after the fault
    "prompt asked": {fault: outcome.replace("works", "heard") for fault, outcome in _AT_START.items()},
    "playing": {
        "drop": "hardwareError: player-failed",  # a real card's driver says "No such device"; the FIFO kills the player
        "busy": "heard",  # we hold it: nobody else can
        "silence": "offline: no-answer",
        "crash": "hardwareError: player-failed",
        "slow": "heard",
    },
}
PROMPT_SECONDS = 1.0


class Rig:
    """The sound and a simulated card."""

    limit = PROMPT_SECONDS + PATIENCE  # a prompt's own length and what the driver adds

    def __init__(self, folder: Path) -> None:
        self.card = Simulator("sound")
        self.events = Events()
        self.sound = Sound(self.card.said["port"], alsa_config=self.card.said["alsa_config"])
        self.state = ""
        self.number = 0

    def enter(self, state: str) -> None:
        if state != "not started" and not self.state:
            self.sound.start(self.events)
        self.state = state
        assert self.sound.check(fresh=True).usable
        if state == "playing":
            self.card("clear")
            self.number = self.sound.play(tone(PROMPT_SECONDS))
            end = time.monotonic() + 20
            while not self.card("state")["peak"]:
                assert time.monotonic() < end
                time.sleep(0.01)

    def meet(self, fault: str) -> str:
        self.card(f"fault {fault}")
        if self.state in ("not started", "idle"):
            status = self.sound.check(fresh=True)
        else:
            if self.state == "prompt asked":
                self.number = self.sound.play(tone(PROMPT_SECONDS))
            if self._over():
                return "heard"
            status = self.sound.status
        return "works" if status.usable else f"{status.device.value}: {status.detail}"

    def recover(self) -> None:
        self.card("fault none")
        self.card("clear")
        if self.state == "not started":
            assert self.sound.check().usable
            return
        # on a busy machine a first prompt may still go to the player that dies
        assert any(self._heard() for _ in range(3)), "nothing was heard"

    def _heard(self) -> bool:
        """Play a prompt; whether the card was given it."""
        self.number = self.sound.play(tone(0.2))
        assert self._over() and self.sound.status.usable
        # the last of it may still be on its way through the card's pipe
        end = time.monotonic() + 10
        while self.card("state")["peak"] <= 5000:
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True

    def close(self) -> None:
        self.sound.stop()
        self.card.stop()

    def _over(self) -> bool:
        """Wait for the prompt's end; whether it was heard."""
        ours = self.number
        event = self.events.wait(PromptEnded | PromptFailed, lambda event: event.number == ours, timeout=30)
        return isinstance(event, PromptEnded) and event.whole


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], matrix.Met]:
    return matrix.meet_all("sound", Rig, EXPECTED, tmp_path_factory.mktemp("sound"))


@pytest.mark.parametrize("cell", matrix.cells("sound", EXPECTED))
def test_cell(cell: matrix.Cell, met: dict[tuple[str, str], matrix.Met], record_property) -> None:
    matrix.judge(cell, met, record_property)
