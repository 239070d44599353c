"""The agent's loop: deliver, look for a release, say how the terminal is, shred what is finished."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from contract.audit import MOST_SECONDS
from contract.terminals import MOST_NAMED, DeviceReport, Heartbeat, RetryOrder
from offline_cache.audit import Event
from offline_cache.cache import Cache
from offline_cache.clock import since_boot
from offline_cache.errors import (
    Busy,
    CacheFull,
    ClockWrong,
    KeyUnavailable,
    NotUnderstood,
    Refused,
    Unreachable,
)
from offline_cache.limits import STANDARD, Limits
from offline_cache.platform import Platform
from offline_cache.releases import ReleaseUpdater
from offline_cache.settings import Settings
from offline_cache.sync.audit_delivery import PROBLEM as AUDIT_PROBLEM
from offline_cache.sync.audit_delivery import AuditDelivery
from offline_cache.sync.delivery import Delivery
from offline_cache.sync.network import Network, NetworkProblem
from offline_cache.sync.release_watch import ReleaseWatch

log = logging.getLogger(__name__)

#: seconds between two looks at the outbox: a citizen waits for the platform's answer
LOOK = 0.2
#: seconds between two tries to reach a platform that is gone: at first, and at most; with jitter
PROBE, LONGEST_PROBE = 1.0, 10.0
#: how much longer each further one waits
PROBE_GROWS = 1.2
#: seconds after which the state of the network is told again, so that nobody believes an agent that died
LIFE_SIGN = 15.0
#: seconds between two looks for what is over its quota, and for a key that is to be exchanged
TIDY = 600.0
#: seconds by which the clock's error must change for the audit log to tell
TOLD_DRIFT = 5.0


class Agent:
    """Runs until `stop` is set. Tells the kiosk, through facts, whether the network is there and what is in its way."""

    def __init__(self, data: Path, limits: Limits = STANDARD) -> None:
        self._settings = Settings.load(data)
        self._cache = Cache.open(data, self._settings.rules)
        self._platform = Platform(self._settings.fleet_url, data / "pki", limits)
        self._delivery = Delivery(self._cache, self._platform, limits)
        self._audit = AuditDelivery(self._cache.audit, self._cache.facts, self._platform, data / "pki")
        self._updater = ReleaseUpdater(data, self._settings.fleet_url)
        self._releases = ReleaseWatch(self._updater, self._cache, self._settings.refresh)
        self._network = Network()
        self._failures = 0
        self._problem: NetworkProblem = ""
        self._told, self._told_at = ("", ""), 0.0
        self._next_beat = 0.0
        self._next_tidy = time.monotonic() + TIDY

    def run(self, stop: threading.Event) -> None:
        """The loop. What is expected (no network, a bad release) is logged and tried again; the rest raises."""
        while not stop.is_set():
            self._round()
            stop.wait(self._pause())
        self._cache.close()

    def _pause(self) -> float:
        if not self._failures:
            return LOOK
        return min(PROBE * PROBE_GROWS ** min(self._failures - 1, 50), LONGEST_PROBE) * random.uniform(0.5, 1.0)

    def _round(self) -> None:
        try:
            self._reach()
            self._cache.visits.shred_finished()
            self._tidy()
        except CacheFull:
            log.error("the disk is full: nothing can be recorded")
            self._failures = max(self._failures, 1)

    def _reach(self) -> None:
        """Everything that is due; a heartbeat also where a delivery got no answer, for that may be the delivery's."""
        self._attempt(self._deliver)
        if time.monotonic() >= self._next_beat:
            self._attempt(self._beat)
        if not self._failures:
            self._attempt(self._look_for_release)
            self._attempt(self._send_audit)
        self._tell()

    def _attempt(self, work: Callable[[], bool]) -> None:
        try:
            if work():
                self._good("")
        except ClockWrong as error:
            log.error("%s", error)
            self._bad("clock")
        except Unreachable as error:
            log.info("the platform cannot be reached (%s)", error)
            self._bad("unreachable")
        except NotUnderstood as error:
            log.error("what answers is not the platform (%s)", error)
            self._bad("not_the_platform")
        except (Busy, Refused) as error:
            log.error("the platform does not serve this terminal (%s)", error)
            self._next_beat = self._after(self._settings.heartbeat)
            self._good("shut_out" if isinstance(error, Refused) else "busy")

    def _good(self, problem: NetworkProblem) -> None:
        self._failures, self._problem, before = 0, problem, self._network.state
        if self._network.good():
            # not after a start: an agent that crashes in a circle must not hammer
            if before == "offline":
                self._cache.outbox.retry_now()
        elif not self._network.settled:
            self._next_beat = min(self._next_beat, time.monotonic() + PROBE)

    def _bad(self, problem: NetworkProblem) -> None:
        self._failures, self._problem = self._failures + 1, problem
        self._network.bad()
        self._next_beat = min(self._next_beat, time.monotonic())

    def _tell(self) -> None:
        """Say how the network is when it changes, and now and then that it has not."""
        told = (self._network.state, self._problem)
        if told == self._told and time.monotonic() - self._told_at < LIFE_SIGN:
            return
        if told[0] != self._told[0]:
            log.info("network: %s", told[0])
        self._cache.facts.tell("network", told[0])
        self._cache.facts.tell("network_problem", told[1])
        self._told, self._told_at = told, time.monotonic()

    def _deliver(self) -> bool:
        return self._delivery.run()

    def _beat(self) -> bool:
        outbox, facts = self._cache.outbox, self._cache.facts
        (waiting, parked), oldest = outbox.counts(), outbox.waiting_since()
        devices = facts.ask("devices", {})
        beat = Heartbeat(
            sent_at=self._cache.clock.today(),
            release_version=self._updater.current_version(),
            release_problem=facts.ask("release_problem", ""),
            audit_problem=facts.ask(AUDIT_PROBLEM, ""),
            outbox_waiting=waiting,
            outbox_parked=parked,
            waiting_since=oldest,
            parked=outbox.parked()[:MOST_NAMED],
            retried=[UUID(order) for order in facts.ask("retried", [])],
            key_holder=self._cache.vault.holder,
            store_rescue=self._cache.set_aside.last(),
            devices={name: DeviceReport.model_validate(report) for name, report in devices.items()},
        )
        before, asked = float(facts.ask("clock_drift", 0.0)), since_boot()
        answer = self._platform.heartbeat(beat)
        if not self._cache.clock.learn(answer.server_time, asked, since_boot()):
            raise NotUnderstood("a time that no platform has")
        drift = float(facts.ask("clock_drift", 0.0))
        if abs(drift - before) >= TOLD_DRIFT:
            self._cache.audit.note(Event.CLOCK_CORRECTED, seconds=max(-MOST_SECONDS, min(round(drift), MOST_SECONDS)))
        self._carry_out(answer.retry)
        self._next_beat = self._after(self._settings.heartbeat)
        return True

    def _carry_out(self, orders: list[RetryOrder]) -> None:
        """Try again what operators say, each order once: those still sent are remembered until they are no longer."""
        done = set(self._cache.facts.ask("retried", []))
        for order in orders:
            if str(order.id) not in done:
                count = self._cache.outbox.retry(str(order.entry))
                log.info("%d parked entries are tried again, as an operator said", count)
        sent = [str(order.id) for order in orders]
        if set(sent) != done:
            self._cache.facts.tell("retried", sent)

    def _look_for_release(self) -> bool:
        self._releases.look()
        # files anybody can serve: no sign of the platform
        return False

    def _send_audit(self) -> bool:
        self._audit.run()
        return False

    def _tidy(self) -> None:
        if time.monotonic() < self._next_tidy:
            return
        self._next_tidy = time.monotonic() + TIDY
        try:
            self._cache.tidy()
        except KeyUnavailable as error:
            log.error("the key-encryption key cannot be exchanged: %s", error)

    @staticmethod
    def _after(seconds: float) -> float:
        return time.monotonic() + seconds * random.uniform(0.8, 1.2)
