"""The agent's loop: deliver, look for a release, say how the terminal is, shred what is finished."""

from __future__ import annotations

import logging
import random
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from contract.audit import MOST_SECONDS
from contract.terminals import DeviceReport, Heartbeat
from offline_cache.audit import Event
from offline_cache.cache import Cache
from offline_cache.errors import Busy, CacheFull, KeyUnavailable, Refused, Unreachable
from offline_cache.platform import Platform
from offline_cache.releases import ReleaseUpdater
from offline_cache.settings import Settings
from offline_cache.sync.audit_delivery import AuditDelivery
from offline_cache.sync.delivery import Delivery
from offline_cache.sync.release_watch import ReleaseWatch

log = logging.getLogger(__name__)

#: seconds between two looks at the outbox: a citizen waits for the platform's answer
LOOK = 0.2
#: seconds between two tries to reach a platform that is gone
PROBE = 1.0
#: seconds between two looks for what is over its quota, and for a key that is to be exchanged
TIDY = 600.0
#: seconds by which the clock's error must change for the audit log to tell
TOLD_DRIFT = 5.0
#: failures in a row before the screen says the network is down; one lost packet is not an outage
FAILURES_TO_OFFLINE = 2


class Agent:
    """Runs until `stop` is set. Tells the kiosk, through facts, whether the network is there."""

    def __init__(self, data: Path) -> None:
        self._settings = Settings.load(data)
        self._cache = Cache.open(data, self._settings.rules)
        platform = Platform(self._settings.fleet_url, data / "pki")
        self._platform = platform
        self._delivery = Delivery(self._cache, platform)
        self._audit = AuditDelivery(self._cache.audit, self._cache.facts, platform, data / "pki")
        self._updater = ReleaseUpdater(data, self._settings.fleet_url)
        self._releases = ReleaseWatch(self._updater, self._cache, self._settings.refresh)
        self._failures = 0
        self._online: bool | None = None
        self._next_beat = 0.0
        self._next_tidy = time.monotonic() + TIDY

    def run(self, stop: threading.Event) -> None:
        """The loop. What is expected (no network, a bad release) is logged and tried again; the rest raises."""
        while not stop.is_set():
            reached = self._round()
            stop.wait(LOOK if reached is not False else PROBE)
        self._cache.close()

    def _round(self) -> bool | None:
        """One round; True or False when the platform was or was not reached, None when it was not asked."""
        try:
            reached = self._reach()
            if reached is not None:
                self._learn(reached)
            self._cache.visits.shred_finished()
            self._tidy()
        except CacheFull:
            log.error("the disk is full: nothing can be recorded")
            return False
        return reached

    def _reach(self) -> bool | None:
        reached: bool | None = None
        try:
            if self._cache.outbox.due():
                self._delivery.run()
                reached = True
            if time.monotonic() >= self._next_beat:
                self._beat()
                reached = True
            self._releases.look()
            self._audit.run()
        except Unreachable as error:
            log.info("the platform cannot be reached (%s)", error)
            self._next_beat = min(self._next_beat, time.monotonic())
            reached = False
        except (Busy, Refused) as error:
            log.error("the platform does not take the heartbeat (%s)", error)
            self._next_beat = self._after(self._settings.heartbeat)
            reached = True
        return reached

    def _beat(self) -> None:
        waiting, parked = self._cache.outbox.counts()
        devices = self._cache.facts.ask("devices", {})
        answer = self._platform.heartbeat(
            Heartbeat(
                sent_at=datetime.now(UTC),
                release_version=self._updater.current_version(),
                release_problem=self._cache.facts.ask("release_problem", ""),
                outbox_waiting=waiting,
                outbox_parked=parked,
                key_holder=self._cache.vault.holder,
                store_rescue=self._cache.set_aside.last(),
                devices={name: DeviceReport.model_validate(report) for name, report in devices.items()},
            )
        )
        drift = (answer.server_time - datetime.now(UTC)).total_seconds()
        before = float(self._cache.facts.ask("clock_drift", 0.0))
        self._cache.clock.corrected(drift)
        if abs(drift - before) >= TOLD_DRIFT:
            self._cache.audit.note(Event.CLOCK_CORRECTED, seconds=max(-MOST_SECONDS, min(round(drift), MOST_SECONDS)))
        self._next_beat = self._after(self._settings.heartbeat)

    def _tidy(self) -> None:
        if time.monotonic() < self._next_tidy:
            return
        self._next_tidy = time.monotonic() + TIDY
        try:
            self._cache.tidy()
        except KeyUnavailable as error:
            log.error("the key-encryption key cannot be exchanged: %s", error)

    def _learn(self, reached: bool) -> None:
        self._failures = 0 if reached else self._failures + 1
        online = reached or self._failures < FAILURES_TO_OFFLINE
        if reached and self._online is False:
            self._cache.outbox.retry_now()
        if online != self._online and (reached or not online):
            self._online = online
            self._cache.facts.tell("network", "online" if online else "offline")
            log.info("network: %s", "online" if online else "offline")

    @staticmethod
    def _after(seconds: float) -> float:
        return time.monotonic() + seconds * random.uniform(0.8, 1.2)
