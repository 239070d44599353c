"""The guide lights of a terminal: what is wanted of them is said at once and brought about by a thread."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Mapping
from typing import Any

from drivers.errors import BadAnswer, ConfigError, DriverError
from drivers.lamps import codec
from drivers.lamps.board import ANSWER_TIMEOUT, TRIES, Board, board_status
from drivers.lamps.guard import Guard
from drivers.lamps.lights import Flash, Lights, lit, until_change
from drivers.status import DeviceState, DeviceStatus

log = logging.getLogger(__name__)

# The board is asked this often how its coils are: one that lost its power forgot them, one that is gone is noticed.
LOOK_EVERY = 1.0
# Reopening a port: soon at first (a cable pushed back), then rarely (a board in repair).
BACK_OFF_FIRST = 0.5
BACK_OFF_FACTOR = 2.0
BACK_OFF_MOST = 15.0


class Lamps:
    """The lights of one relay board. All are off after start, after stop, and after this program was killed.

    `set` never waits and may be called from any thread. What is wanted is kept while the board is away, and shown
    again when it is back. `status` is a snapshot; whoever must know whether a lamp is lit reads it there.
    """

    def __init__(self, port: str, unit: int = 1, lights: Mapping[str, Any] | None = None) -> None:
        """`lights`: name, or name.colour -> coil. Raises ConfigError. Nothing is opened."""
        self._port, self._unit = port, unit
        self._lights = Lights.named(lights or {})
        codec.read_coils(unit, self._lights.all[0], self._lights.all[-1] - self._lights.all[0] + 1)
        self._lock = threading.Lock()
        self._wanted: dict[int, tuple[Flash, float]] = {}  # coil -> how it flashes, and since when
        self._wake = threading.Event()
        self._look_now = False
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._guard: Guard | None = None
        self._status = DeviceStatus(DeviceState.OFFLINE, "not-started")

    @property
    def status(self) -> DeviceStatus:
        """A snapshot; never waits."""
        return self._status

    @property
    def lights(self) -> tuple[str, ...]:
        """The lights there are, in the order of devices.toml."""
        return tuple(self._lights.coils)

    @property
    def wanted(self) -> dict[str, str]:
        """How each light shall flash now."""
        with self._lock:
            flashing = {coil: flash.value for coil, (flash, _) in self._wanted.items()}
        return {
            light: next((flashing[coil] for coil in colours.values() if coil in flashing), Flash.OFF.value)
            for light, colours in self._lights.coils.items()
        }

    def start(self) -> None:
        """Put all lights out and begin to drive them. Raises RuntimeError when started already."""
        if self._thread is not None:
            raise RuntimeError("lamps are started already")
        self._stopping.clear()
        with self._lock:
            self._wanted.clear()
        self._status = DeviceStatus(DeviceState.STARTING)
        self._guard = Guard(self._port, self._unit, self._lights.all)
        self._thread = threading.Thread(target=self._run, name="lamps", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Put all lights out and free the port, within 8 s also where the board does not answer."""
        self._stopping.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(2 * TRIES * ANSWER_TIMEOUT + 1)
        self._thread = None
        if self._guard is not None:
            self._guard.dismiss()
            self._guard = None
        self._status = DeviceStatus(DeviceState.OFFLINE, "not-started")

    def set(self, light: str, flash: str = Flash.CONTINUOUS, colour: str | None = None) -> None:
        """Say how a light shall be from now on. Raises ConfigError ("no-light", "no-colour", "no-flash")."""
        coil = self._lights.coil(light, colour)
        if flash not in list(Flash):
            raise ConfigError("no-flash", f"there are {', '.join(Flash)}")
        with self._lock:
            before = self._wanted.get(coil)
            for other in self._lights.coils[light].values():
                self._wanted.pop(other, None)
            if flash != Flash.OFF:  # said again, a light does not begin its flash anew
                same = before is not None and before[0] == flash
                self._wanted[coil] = before if same and before else (Flash(flash), time.monotonic())
        self._wake.set()

    def all_off(self) -> None:
        """Every light off."""
        with self._lock:
            self._wanted.clear()
        self._wake.set()

    def look_again(self) -> None:
        """Something was plugged in: end a pause at once, and ask the board how it is."""
        self._look_now = True
        self._wake.set()

    def check(self) -> DeviceStatus:
        """The snapshot of started lamps; otherwise open the port, ask the coils once and close it again."""
        if self._thread is not None:
            return self._status
        try:
            with Board(self._port, self._unit) as board:
                alive(board, self._lights.all)
            return DeviceStatus(DeviceState.ONLINE)
        except DriverError as error:
            return board_status(error)

    # the thread

    def _run(self) -> None:
        back_off = BACK_OFF_FIRST
        while not self._stopping.is_set():
            worked = False
            try:
                with Board(self._port, self._unit, self._stopping.is_set) as board:
                    self._drive(board)
            except DriverError as error:
                worked = self._status.device is DeviceState.ONLINE
                if not self._stopping.is_set():
                    self._tell(board_status(error))
            except Exception as error:
                log.exception("lamps")
                self._tell(DeviceStatus(DeviceState.HARDWARE_ERROR, type(error).__name__))
            if self._stopping.is_set():
                break
            if worked or self._asked_again(back_off):
                back_off = BACK_OFF_FIRST
            else:
                back_off = min(back_off * BACK_OFF_FACTOR, BACK_OFF_MOST)
        with contextlib.suppress(DriverError), Board(self._port, self._unit) as board:
            for coil in self._lights.all:
                board.write(coil, False)

    def _asked_again(self, pause: float) -> bool:
        """Wait; whether look_again, set or stop ended it early."""
        self._wake.clear()
        return not self._stopping.is_set() and self._wake.wait(pause)

    def _drive(self, board: Board) -> None:
        """Show what is wanted until stopped. Raises DriverError when the board is broken or gone."""
        shown: dict[int, bool] = {}  # what the board was told; at first nothing, so that all are written
        looked = 0.0
        disobeyed = 0
        while not self._stopping.is_set():
            self._wake.clear()
            now = time.monotonic()
            with self._lock:
                wanted = dict(self._wanted)
            light_now = {
                coil: lit(wanted[coil][0], now - wanted[coil][1]) if coil in wanted else False
                for coil in self._lights.all
            }
            for coil, on in light_now.items():
                if shown.get(coil) != on:
                    board.write(coil, on)
                    shown[coil] = on
            if self._look_now or time.monotonic() - looked >= LOOK_EVERY:
                self._look_now, looked = False, time.monotonic()
                found = alive(board, self._lights.all)
                wrong = {coil for coil, on in found.items() if on != shown[coil]}
                disobeyed = disobeyed + 1 if wrong else 0
                if disobeyed > 1:
                    raise BadAnswer("not-switched", f"coil {min(wrong)}")
                if wrong:  # it lost its power, or somebody else switches: say it again and look again
                    shown, looked = {coil: on for coil, on in shown.items() if coil not in wrong}, 0.0
                    continue
                self._tell(DeviceStatus(DeviceState.ONLINE))
            change = min((until_change(flash, now - since) for flash, since in wanted.values()), default=LOOK_EVERY)
            self._wake.wait(max(0.0, min(now + change, looked + LOOK_EVERY) - time.monotonic()))

    def _tell(self, status: DeviceStatus) -> None:
        before, self._status = self._status, status
        if before != status:
            log.info("lamps: %s %s", status.device.value, status.detail)


def alive(board: Board, coils: tuple[int, ...]) -> dict[int, bool]:
    """How the coils are; nothing where the board can only be written to, which is an answer too."""
    try:
        return board.read(coils)
    except BadAnswer as error:
        if error.code == "no-such-function":
            return {}
        raise
