"""A terminal put together: settings, memory, devices and journey, on one thread of their own.

Screens subscribe to snapshots and send intents; neither ever waits for the other.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from drivers import manager
from drivers.errors import ConfigError
from drivers.manager import Devices
from drivers.status import DeviceStatus, PaperState, TonerState
from kiosk.documents.text_reader import TextReader
from kiosk.journey.events import Health, Then, Tick
from kiosk.journey.intents import Intent
from kiosk.journey.journey import Journey
from kiosk.journey.parts import Parts
from kiosk.journey.steps import STEPS
from kiosk.journey.views import Preview, Snapshot
from offline_cache import Cache
from offline_cache.audit import Event
from offline_cache.crash_dumps import forbid_crash_dumps
from offline_cache.crash_reports import report, say_only_where
from offline_cache.document_service import DocumentService
from offline_cache.errors import CacheError, CacheFull, NoScratch
from offline_cache.holding_service import HoldingService
from offline_cache.identity_service import IdentityService
from offline_cache.phone_uploads import PhoneUploads
from offline_cache.platform import Platform
from offline_cache.saved_service import SavedService
from offline_cache.scratch import use_scratch
from offline_cache.settings import Settings

log = logging.getLogger(__name__)

#: seconds between two ticks: countdowns and the platform's answers are seen this soon
TICK = 0.25
#: seconds between two looks at every device
HEALTH_EVERY = 10.0
#: exit status after something unexpected; systemd starts the terminal again
CRASHED = 70


class CannotStart(Exception):
    """The terminal cannot begin; the message is for a technician and says what to do."""


class Terminal:
    """One terminal. `start` runs it, `send` hands in what the citizen does, subscribers get what to show."""

    def __init__(self, data: Path, settings: Settings, cache: Cache, devices: Devices) -> None:
        self._events: queue.Queue[object] = queue.Queue()
        self._jobs = ThreadPoolExecutor(max_workers=4, thread_name_prefix="job")
        self._on_snapshot: Callable[[Snapshot], None] = lambda _: None
        self._on_preview: Callable[[Preview], None] = lambda _: None
        self._devices = devices
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="terminal", daemon=True)
        platform = Platform(settings.fleet_url, data / "pki")
        identity, saved = IdentityService(platform, settings.id), SavedService(platform)
        self.parts = Parts(
            settings,
            cache,
            devices,
            identity,
            saved,
            DocumentService(platform),
            PhoneUploads(platform),
            TextReader(),
            HoldingService(platform),
            self._job,
            self._events.put,
            lambda picture: self._on_preview(picture),
        )
        self._next_health = 0.0

    @classmethod
    def open(cls, data: Path) -> Terminal:
        """The terminal whose data folder this is. Raises CannotStart."""
        forbid_crash_dumps()
        say_only_where()
        try:
            settings = Settings.load(data)
            devices = manager.load(data / "devices.toml")
            cache = Cache.open(data, settings.rules)
        except FileNotFoundError:
            raise CannotStart(f"{data} is not an enrolled terminal; run kiosk-provision enrol first") from None
        except (CacheError, ConfigError) as error:
            raise CannotStart(str(error)) from None
        try:
            cache.attempts.forget_old()
            abandoned, uncertain = cache.visits.end_abandoned(), cache.prints.settle_interrupted()
            cache.audit.note(Event.TERMINAL_STARTED, visits=abandoned, papers=uncertain)
            if abandoned or uncertain:
                log.warning("after an interruption: %d visits ended, %d papers uncertain", abandoned, uncertain)
        except CacheFull:
            # what is left open is sealed; a terminal that says it is closed is better than a dark one
            log.error("the disk is full: what an interruption left open is settled at a later start")
        return cls(data, settings, cache, devices)

    def subscribe(self, on_snapshot: Callable[[Snapshot], None], on_preview: Callable[[Preview], None]) -> None:
        """Who shows what. Both are called from threads of the terminal."""
        self._on_snapshot, self._on_preview = on_snapshot, on_preview

    def start(self) -> None:
        """Begin: devices, then the attract screen."""
        self._thread.start()

    def send(self, intent: Intent) -> None:
        """Hand in what the citizen did; returns at once."""
        self._events.put(intent)

    def stop(self) -> None:
        """End: devices, cameras and memory are closed. A visit under way is over."""
        self._stopping.set()
        self._thread.join(10)

    def _job(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        def run() -> None:
            try:
                result = work()
            except BaseException as error:  # handed to the terminal's thread, which crashes with it
                self._events.put(Then(lambda error=error: _raise(error)))  # type: ignore[misc]
            else:
                self._events.put(Then(lambda: then(result)))

        # after the end nobody waits for a result; until then a camera can still be switched off
        with contextlib.suppress(RuntimeError):
            self._jobs.submit(run)

    def _run(self) -> None:
        try:
            self._loop()
        except BaseException as error:
            report("the terminal", error)
            os._exit(CRASHED)

    def _loop(self) -> None:
        self._devices.watch()
        devices = (self._devices.id_card, self._devices.smart_card, self._devices.sound)
        telling = [device for device in devices if device is not None]
        for device in telling:
            device.start(self._events.put)
        if self._devices.sound is not None and not self.parts.voice.there:
            log.warning("no speech engine: nothing is read aloud")
        journey = Journey(self.parts, STEPS)
        shown: Snapshot | None = None
        while not self._stopping.is_set():
            snapshot = journey.snapshot()
            if snapshot != shown:
                shown = snapshot
                self._on_snapshot(snapshot)
            try:
                event = self._events.get(timeout=TICK)
            except queue.Empty:
                event = Tick()
            journey.handle(event)
            self._look_at_devices()
        journey.step.leave()
        for device in telling:
            device.stop()
        self.parts.reader.stop()
        self._devices.close()
        self._jobs.shutdown(wait=False)  # what was asked last, such as a camera's end, is still done
        with contextlib.suppress(CacheFull):
            self.parts.cache.audit.note(Event.TERMINAL_STOPPED)
        self.parts.cache.close()

    def _look_at_devices(self) -> None:
        if time.monotonic() < self._next_health:
            return
        self._next_health = time.monotonic() + HEALTH_EVERY
        self._job(self._devices.health, self._told_health)

    def _told_health(self, health: dict[str, DeviceStatus]) -> None:
        faults = self._devices.faults
        reports = {name: status.report() for name, status in health.items()}
        for fault in faults.open:
            reports[fault.device].setdefault("faults", []).append(
                {
                    "code": fault.code,
                    "severity": fault.severity,
                    "since": fault.since.isoformat(),
                    "count": faults.count(fault.device, fault.code),
                }
            )
        printer = health.get("page_printer")
        usable = printer is None or printer.usable
        low = printer is not None and (printer.paper is PaperState.LOW or printer.toner is TonerState.LOW)
        self._events.put(Health(reports, can_print=usable, print_low=low))


def keep_temporary_files_in_memory() -> None:
    """What a program that is a terminal does first: its temporary files, and its workers', never reach the disk.

    Raises CannotStart.
    """
    try:
        use_scratch("bianmin-kiosk")
    except NoScratch as error:
        raise CannotStart(str(error)) from None


def _raise(error: BaseException) -> None:
    raise error
