"""Looking after the release, on a thread of its own: a slow line or a large release keeps no case waiting."""

from __future__ import annotations

import logging
import random
import threading
import time

from offline_cache.audit import Event
from offline_cache.cache import Cache
from offline_cache.errors import CacheError, ReleaseRefused, UpdateRunning
from offline_cache.releases import ReleaseUpdater

log = logging.getLogger(__name__)

#: seconds between two readings of every byte of the release in use: 20 MB take 0.1 s
CHECK = 3600.0


class ReleaseWatch:
    """Looks for a newer release every `seconds`, reads the one in use now and then, and tells what is wrong.

    The facts: `release_problem` is what operators are told, until one whole look finds nothing wrong;
    `release_unreadable` names a release that the kiosk could not load.
    """

    def __init__(self, updater: ReleaseUpdater, cache: Cache, seconds: float) -> None:
        self._updater = updater
        self._facts = cache.facts
        self._clock = cache.clock
        self._audit = cache.audit
        self._seconds = seconds
        self._next_look = self._next_check = 0.0
        self._worker: threading.Thread | None = None
        self._problem = ""
        self._installed: int | None = None
        self._error: Exception | None = None

    def look(self) -> bool:
        """Begin a look when it is time, take the result of one that is over. Never waits for the network.

        True where the platform was reached. Raises Unreachable, CacheFull: then the next call begins another.
        """
        if self._worker is None:
            unreadable = str(self._facts.ask("release_unreadable", ""))
            if unreadable or time.monotonic() >= self._next_look:
                # what the platform says may make this clock later, never earlier (docs/decisions.md)
                now = max(time.time(), self._clock.now())
                self._worker = threading.Thread(target=self._work, args=(unreadable, now), daemon=True)
                self._worker.start()
                if unreadable:
                    self._facts.tell("release_unreadable", "")
        elif not self._worker.is_alive():
            self._worker = None
            self._take_result()
            return True
        return False

    def _work(self, unreadable: str, now: float) -> None:
        self._problem, self._installed, self._error = "", None, None
        try:
            if unreadable or time.monotonic() >= self._next_check:
                self._problem = self._updater.check(unreadable)
                self._next_check = time.monotonic() + CHECK
            self._installed = self._updater.refresh(now)
        except Exception as error:
            self._error = error

    def _take_result(self) -> None:
        error = self._error
        told = Event.RELEASE_FELL_BACK
        if isinstance(error, ReleaseRefused):
            log.error("a release is refused, the old one stays: %s", error)
            told = told if self._problem else Event.RELEASE_REFUSED
            self._problem = self._problem or f"refused: {error}"
            error = None
        elif isinstance(error, UpdateRunning):
            log.info("%s", error)
            error = None
        # out of reach, there is nothing new to say: what was wrong may still be so
        if self._problem or error is None:
            self._tell(self._problem[:200], told)
        if self._installed is not None:
            self._audit.note(Event.RELEASE_INSTALLED, version=self._installed)
        self._next_look = time.monotonic() + self._seconds * random.uniform(0.8, 1.2) if error is None else 0.0
        if error is not None:
            if not isinstance(error, CacheError):
                log.error("looking for a release failed: %s", type(error).__name__)
            raise error

    def _tell(self, problem: str, event: Event) -> None:
        if self._facts.ask("release_problem", "") != problem:
            self._facts.tell("release_problem", problem)
            if problem:
                self._audit.note(event, version=self._updater.current_version())
