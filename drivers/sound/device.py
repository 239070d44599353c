"""The loudspeaker of a terminal: one prompt at a time, in a thread of its own."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from drivers.errors import ConfigError, DeviceGone, DriverError, NoAnswer, PromptUnplayable
from drivers.sound import player
from drivers.sound.events import PromptEnded, PromptFailed, SoundEvent, StatusChanged
from drivers.sound.prompt import Prompt, decode, silence
from drivers.status import DeviceState, DeviceStatus
from drivers.telling import tell

log = logging.getLogger(__name__)

# Larger than the longest prompt there may be in CD quality.
MOST_BYTES = 64_000_000
# Prompts that may wait for the one that plays; more are out of date by the time they would be heard.
MOST_WAITING = 8
# A device is asked with so much of silence …
ASK_SECONDS = 0.1
# … at most once in this time while it is well: whoever plays a prompt learns it anyway.
FRESH = 60.0
# A device that failed is asked again by itself: soon (a cable pushed back), then rarely.
BACK_OFF_FIRST = 1.0
BACK_OFF_FACTOR = 2.0
BACK_OFF_MOST = 30.0


@dataclass(eq=False)
class _Job:
    number: int  # 0 asks the device
    prompt: Prompt
    broken_off: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)


class Sound:
    """One loudspeaker, and headphones where there are some. Events come from its own thread, in order.

    No method waits for a prompt. `status` is a snapshot of how the last prompt or question went.
    """

    def __init__(self, device: str = "default", volume: int = 80, headphones: str = "", alsa_config: str = "") -> None:
        """Raises ConfigError for a volume that is none. Nothing is opened."""
        self._devices = {"loudspeaker": device, "headphones": headphones}
        self._output = "loudspeaker"
        self._alsa_config = alsa_config
        self.set_volume(volume)
        self._condition = threading.Condition()
        self._waiting: deque[_Job] = deque()
        self._playing: _Job | None = None
        self._numbers = 0
        self._look_now = self._stopping = False
        self._thread: threading.Thread | None = None
        self._on_event: Callable[[SoundEvent], None] = lambda event: None
        self._status = DeviceStatus(DeviceState.OFFLINE, "not-started")
        self._asked_at = float("-inf")

    @property
    def status(self) -> DeviceStatus:
        """A snapshot; never waits."""
        return self._status

    @property
    def volume(self) -> int:
        """0 to 100."""
        return self._volume

    def set_volume(self, volume: int) -> None:
        """From now on, also for the prompt that plays. Raises ConfigError."""
        if isinstance(volume, bool) or not isinstance(volume, int) or not 0 <= volume <= 100:
            raise ConfigError(detail="a volume is 0 to 100")
        self._volume = volume

    def set_output(self, output: str) -> None:
        """ "loudspeaker" or "headphones", from the next prompt on; what plays elsewhere ends. Raises ConfigError."""
        if not self._devices.get(output):
            raise ConfigError("no-output", f"there are {', '.join(name for name, at in self._devices.items() if at)}")
        if output != self._output:
            self._output = output
            self.silence()
            self.look_again()

    def start(self, on_event: Callable[[SoundEvent], None]) -> None:
        """Begin to take prompts. Raises RuntimeError when started already."""
        if self._thread is not None:
            raise RuntimeError("sound is started already")
        self._on_event, self._stopping = on_event, False
        self._look_now = True  # a device is known to be good only when it was asked
        self._status = DeviceStatus(DeviceState.STARTING)
        self._thread = threading.Thread(target=self._run, name="sound", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Silence at once, and no more prompts. No event comes after it returns."""
        if self._thread is None:
            return
        with self._condition:
            self._stopping = True
            self._break_off()
            self._condition.notify_all()
        if self._thread is not threading.current_thread():
            self._thread.join(player.PATIENCE + 1)
        self._thread = None
        self._status = DeviceStatus(DeviceState.OFFLINE, "not-started")

    def play(self, prompt: bytes | str | Path, interrupt: bool = True) -> int:
        """Begin a prompt now, or after those that wait; its number, which PromptEnded or PromptFailed will name.

        A prompt that is pushed out of a full queue has ended. Raises PromptUnplayable, and RuntimeError when not
        started.
        """
        decoded = load(prompt)
        with self._condition:
            if self._thread is None or self._stopping:
                raise RuntimeError("sound is not started")
            if interrupt:
                self._break_off()
            elif len(self._waiting) >= MOST_WAITING:
                self._waiting[0].broken_off.set()
            self._numbers += 1
            self._waiting.append(_Job(self._numbers, decoded))
            self._condition.notify_all()
            return self._numbers

    def silence(self) -> None:
        """End the prompt that plays, at once, and forget those that wait."""
        with self._condition:
            self._break_off()
            self._condition.notify_all()

    def look_again(self) -> None:
        """Something was plugged in: ask the device now, not after the pause."""
        with self._condition:
            self._look_now = True
            self._condition.notify_all()

    def check(self, fresh: bool = False) -> DeviceStatus:
        """How the device is: as the last prompt or question went within a minute, else (or `fresh`) asked now.

        Waits 4 s at most, while a player begins; never raises. While a prompt plays, the snapshot.
        """
        if self._thread is None:
            return self._ask_device()
        with self._condition:
            job = self._playing
            if self._stopping or (job is not None and job.number):
                return self._status
            if not fresh and time.monotonic() - self._asked_at < FRESH and self._status.usable:
                return self._status
            if job is None:
                job = _Job(0, silence(ASK_SECONDS))
                self._waiting.append(job)
                self._condition.notify_all()
        job.done.wait(ASK_SECONDS + player.PATIENCE + 1)
        return self._status

    # the thread

    def _break_off(self) -> None:
        """Under the lock. Questions are over soon by themselves, and somebody waits for them."""
        for job in (*self._waiting, *([self._playing] if self._playing else [])):
            if job.number:
                job.broken_off.set()

    def _run(self) -> None:
        pause = BACK_OFF_FIRST
        while (job := self._next(pause)) is not None:
            well = self._do(job)
            pause = BACK_OFF_FIRST if well else min(pause * BACK_OFF_FACTOR, BACK_OFF_MOST)
        while self._waiting:
            self._waiting.popleft().done.set()

    def _next(self, pause: float) -> _Job | None:
        """The next thing to do; None when stopped. A device that is not well is asked again after `pause` s."""
        with self._condition:
            self._playing = None
            until = time.monotonic() + pause
            while not self._stopping:
                if self._waiting:
                    self._playing = self._waiting.popleft()
                    return self._playing
                left = until - time.monotonic()
                if self._look_now or (left <= 0 and not self._status.usable):
                    self._look_now = False
                    self._playing = _Job(0, silence(ASK_SECONDS))
                    return self._playing
                self._condition.wait(None if self._status.usable else left)
            return None

    def _do(self, job: _Job) -> bool:
        """Play it and tell; whether the device is well."""
        event: SoundEvent | None = None
        try:
            whole = False
            if not job.broken_off.is_set():
                whole = player.play(
                    job.prompt, self._devices[self._output], self._alsa_config,
                    lambda: self._volume, lambda: job.broken_off.is_set() or self._stopping,
                )  # fmt: skip
            event = PromptEnded(job.number, whole)
            if whole:
                self._tell_status(DeviceStatus(DeviceState.ONLINE))
        except DriverError as error:
            event = PromptFailed(job.number, error.code)
            self._tell_status(sound_status(error))
        except Exception as error:
            log.exception("sound")
            event = PromptFailed(job.number, type(error).__name__)
            self._tell_status(DeviceStatus(DeviceState.HARDWARE_ERROR, type(error).__name__))
        if job.number:
            self._tell(event)
        job.done.set()
        return self._status.usable

    def _ask_device(self) -> DeviceStatus:
        try:
            player.play(silence(ASK_SECONDS), self._devices[self._output], self._alsa_config)
            return DeviceStatus(DeviceState.ONLINE)
        except DriverError as error:
            return sound_status(error)

    def _tell_status(self, status: DeviceStatus) -> None:
        self._asked_at = time.monotonic()
        before, self._status = self._status, status
        if before != status:
            log.info("sound: %s %s", status.device.value, status.detail)
            self._tell(StatusChanged(status))

    def _tell(self, event: SoundEvent) -> None:
        if self._stopping:
            return
        tell(self._on_event, event, log)


def load(prompt: bytes | str | Path) -> Prompt:
    """The prompt in these bytes or this file. Raises PromptUnplayable."""
    if isinstance(prompt, bytes):
        return decode(prompt)
    try:
        with open(prompt, "rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise PromptUnplayable("no-file", type(error).__name__) from error
    if len(data) > MOST_BYTES:
        raise PromptUnplayable("too-long")
    return decode(data)


def sound_status(error: DriverError) -> DeviceStatus:
    """What an error of the player says of the device."""
    if error.code == "in-use":
        return DeviceStatus(DeviceState.DEVICE_BUSY, error.code)
    if isinstance(error, DeviceGone | NoAnswer):
        return DeviceStatus(DeviceState.OFFLINE, error.code)
    return DeviceStatus(DeviceState.HARDWARE_ERROR, error.code)
