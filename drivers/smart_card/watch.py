"""The worker: watches the readers of pcscd, reads each card that comes, and prints a JSON line for what happens.

{"event": "alive"}                                       it lives; a worker silent for longer hangs in a native call
{"event": "status", "device", "detail", "reader"}
{"event": "inserted"} {"event": "card", "card": {…}} {"event": "failed", "reason"} {"event": "removed"}
{"event": "still-there"}                                 the card that had failed before this worker began

A person is on standard output only, which is a pipe; never in an argument, a log or on standard error.
A line on standard input ends a pause before the next try; its end ends the worker.
"""

from __future__ import annotations

import json
import math
import os
import sys
import threading
import time
from typing import Any

from drivers.errors import BadAnswer, CardUnreadable
from drivers.smart_card import bank, social_security
from drivers.smart_card.cards import Card, UnknownCard, to_values
from drivers.smart_card.pcsc import EXCLUSIVE, IN_USE, PRESENT, InUse, NoReader, NoService, Service
from drivers.status import DeviceState

# One wait for a change; pcscd itself looks at a slot every 0.4 s.
SLICE = 1.0
# How often a busy worker says that it lives.
ALIVE_EVERY = 0.5
# pcscd needs this long to notice that a chip left; then a failed reading is called what it was.
REMOVAL_SEEN_WITHIN = 0.6
# A contact that bounced reads well the second time; what the chip itself said (FINAL) it would say again.
READ_TRIES = 2
FINAL = ("needs-pin", "blocked", "bad-checksum", "mute")
# Another program's session is over by then; one that stays connected lets us in.
SHARE_AFTER = 2.0
# pcscd comes back within a second of a restart; without it there is nothing to hurry for.
BACK_OFF_FIRST = 0.2
BACK_OFF_MOST = 2.0
_STATE_FLAGS = 0xFFFF


def read_card(chip: Any) -> Card:
    """What this chip is. 社会保障卡 first: most of them are bank cards too."""
    return social_security.read(chip) or bank.read(chip) or UnknownCard()


class Watch:
    """Watches the readers whose name holds `reader`; "" takes every one but SAM slots, contact first.

    `after_failure`: the card that lies there has failed already, and has to leave before anything is read.
    """

    def __init__(self, reader: str, after_failure: bool = False) -> None:
        self._wanted = reader.casefold()
        self._known: dict[str, int] = {}
        # the card told last: its reader and pcscd's count of insertions there
        self._card: tuple[str, int] | None = None
        self._inserted: tuple[str, int] | None = None
        self._after_failure = after_failure
        self._busy_since = math.inf
        self._said = ("", "", "")
        self._alive_at = 0.0
        self.look = threading.Event()

    def run(self) -> None:
        """Watch until the process ends."""
        back_off = BACK_OFF_FIRST
        self._say(event="alive")
        while True:
            try:
                with Service() as service:
                    back_off = BACK_OFF_FIRST
                    self._watch(service)
            except NoService as error:
                self._known, self._after_failure = {}, False
                self._forget_card()
                self._status(DeviceState.OFFLINE, error.code)
            self.look.wait(back_off)
            self.look.clear()
            self._alive()
            back_off = min(back_off * 2, BACK_OFF_MOST)

    def _watch(self, service: Service) -> None:
        while True:
            names = [name for name in service.readers() if self._is_wanted(name)]
            known = {name: self._known.get(name, 0) for name in names}
            if names:
                self._known = states = service.changes(known, SLICE)
                self._look(service, names, states)
            else:
                self._known, self._after_failure = {}, False
                self._forget_card()
                self._status(DeviceState.OFFLINE, NoReader.code)
                service.changes({}, SLICE)
            self._alive()

    def _is_wanted(self, name: str) -> bool:
        if self._wanted:
            return self._wanted in name.casefold()
        return "SAM" not in name.upper().split()

    def _look(self, service: Service, names: list[str], states: dict[str, int]) -> None:
        """Tell which card left, and read the one that came."""
        present = {name: (name, states[name] & ~_STATE_FLAGS) for name in names if states.get(name, 0) & PRESENT}
        if self._after_failure:
            if present:
                self._card = next(iter(present.values()))
            self._say(event="still-there" if present else "removed")
            self._after_failure = False
        if (self._card or self._inserted) not in (None, *present.values()):
            self._forget_card()
        if self._card is not None or not present:
            self._status(DeviceState.ONLINE, "", self._card[0] if self._card else names[0])
            return
        name, card = next(iter(present.items()))
        free = self._may_connect(name, states[name])
        if self._inserted != card:
            self._inserted = card
            self._say(event="inserted")
        if free:
            self._read(service, name, card)

    def _may_connect(self, name: str, state: int) -> bool:
        """Whether the reader is free. Connecting where another program has a transaction would block, so it gets time
        to end; a program that only stays connected does not keep us out for ever."""
        if not state & (IN_USE | EXCLUSIVE):
            self._busy_since = math.inf
            if self._said[0] != DeviceState.DEVICE_BUSY.value:
                self._status(DeviceState.ONLINE, "", name)
            return True
        self._status(DeviceState.DEVICE_BUSY, InUse.code, name)
        self._busy_since = min(self._busy_since, time.monotonic())
        return not state & EXCLUSIVE and time.monotonic() - self._busy_since > SHARE_AFTER

    def _read(self, service: Service, name: str, card: tuple[str, int]) -> None:
        """Read the card that came, a second time after a reset where the contact was bad; tell what became of it."""
        said: dict[str, Any] = {}
        try:
            for before in range(READ_TRIES):
                said = self._try(service, name, reset=before > 0)
                if said["event"] == "card" or said["reason"] in FINAL:
                    break
                if self._left(service, name, card):
                    said["reason"] = "lifted-early"
                    break
        except InUse as error:
            self._status(DeviceState.DEVICE_BUSY, error.code, name)
            return
        except NoReader:
            self._forget_card()
            return
        self._card = card
        self._status(DeviceState.ONLINE, "", name)
        self._say(**said)

    def _try(self, service: Service, name: str, reset: bool) -> dict[str, Any]:
        """One reading; what to say of it."""
        try:
            with service.connect(name, reset) as connection:
                return {"event": "card", "card": to_values(read_card(connection.chip(self._alive)))}
        except CardUnreadable as error:
            return {"event": "failed", "reason": error.code}
        except BadAnswer:
            return {"event": "failed", "reason": CardUnreadable.code}

    def _left(self, service: Service, name: str, card: tuple[str, int]) -> bool:
        """Whether the card left while it was read. Raises NoService where it was pcscd that left."""
        deadline = time.monotonic() + REMOVAL_SEEN_WITHIN
        state = {name: 0}
        while (left := deadline - time.monotonic()) > 0:
            state = service.changes(state, left)
            if not state.get(name, 0) & PRESENT or state[name] & ~_STATE_FLAGS != card[1]:
                return True
        return False

    def _forget_card(self) -> None:
        if self._card is not None or self._inserted is not None:
            self._say(event="removed")
        self._card = self._inserted = None

    def _status(self, device: DeviceState, detail: str, reader: str = "") -> None:
        if (device.value, detail, reader) != self._said:
            self._said = (device.value, detail, reader)
            self._say(event="status", device=device.value, detail=detail, reader=reader)

    def _alive(self) -> None:
        if time.monotonic() - self._alive_at >= ALIVE_EVERY:
            self._say(event="alive")

    def _say(self, **values: Any) -> None:
        self._alive_at = time.monotonic()
        sys.stdout.write(json.dumps(values) + "\n")
        sys.stdout.flush()


def listen(watch: Watch) -> None:
    """Follow standard input; ends the process with it, also when the main thread hangs in a native call."""
    while os.read(0, 4096):
        watch.look.set()
    os._exit(0)
