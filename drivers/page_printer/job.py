"""One job: what every way to a printer promises, and following it to its end."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from drivers.errors import DriverError, Refused
from drivers.page_printer.capabilities import JobOptions
from drivers.printing import PrintOutcome

# Asking for the job costs the printer little.
FOLLOW_EVERY = 0.3
# CUPS ends the backend, which cancels the printer's own job: measured 0.3-1 s.
CANCEL_TIMEOUT = 10.0
# job-state (RFC 8011 5.3.7)
STATES = {
    3: "pending",
    4: "pending-held",
    5: "processing",
    6: "processing-stopped",
    7: "canceled",
    8: "aborted",
    9: "completed",
}
# What the printer needs a hand for: waiting longer would print it under the next citizen.
ENDS_JOB = ("paper-out", "jam", "cover-open", "toner-out")
# "completed" that is none: errors on the way, or a printer that only passes jobs on (RFC 8011 5.3.8).
_NOT_SURE = ("job-completed-with-errors", "queued-in-device")

_UNREACHED = ("offline", "no-answer", "bad-answer")


@dataclass(frozen=True)
class PageOutcome(PrintOutcome):
    """What became of a page, and the last word about its job where there was one."""

    job_state: str | None = None
    impressions: int | None = None


@dataclass(frozen=True)
class JobState:
    """As the printer or the queue says it; `impressions` are sides, None where it does not count them."""

    state: int
    reasons: tuple[str, ...] = ()
    impressions: int | None = None


class Way(Protocol):
    """A way for one document: a CUPS queue, or the printer itself. Each method ends in time and raises DriverError."""

    prefers_pdf: bool
    """Whether it takes a PDF whatever the printer takes."""
    own_word: bool
    """Whether its word about a job's end is the printer's own."""

    def create(self, title: str, options: JobOptions) -> None:
        """Make the job; where this raises there is none."""

    def send(self, document: bytes, kind: str, timeout: float) -> None:
        """Give it the document; where this raises it may be printed all the same. Refused: it surely is not."""

    def state(self) -> JobState:
        """How the job is."""

    def cancel(self) -> None:
        """Ask for its end, which state() tells."""

    def close(self) -> None:
        """Let go. Never raises."""


def run(
    way: Way,
    document: tuple[bytes, str],
    title: str,
    options: JobOptions,
    pages: int,
    timeout: float,
    device: Callable[[], tuple[str, int]],
    cancel_timeout: float = CANCEL_TIMEOUT,
) -> PageOutcome:
    """Send and follow, at most `timeout` s and `cancel_timeout`. `device` tells what is wrong with the printer as a
    code, "" where nothing is, and how many jobs it holds.
    """
    deadline = time.monotonic() + timeout
    try:
        way.create(title, options)
    except DriverError as error:
        return PageOutcome("failed", error.code, error.detail)
    job = _Job(way, device, pages, deadline, cancel_timeout)
    try:
        way.send(*document, max(1.0, timeout))
    except Refused as error:
        job.cancel(error.code)
        return PageOutcome("failed", error.code, error.detail)
    except DriverError as error:
        return job.cancel(error.code)
    return job.follow()


class _Job:
    """A job whose document is on its way."""

    def __init__(
        self,
        way: Way,
        device: Callable[[], tuple[str, int]],
        pages: int,
        deadline: float,
        cancel_timeout: float,
    ) -> None:
        self._way = way
        self._device = device
        self._pages = pages
        self._deadline = deadline
        self._cancel_timeout = cancel_timeout
        self._last: JobState | None = None

    def follow(self) -> PageOutcome:
        trouble = ""
        while time.monotonic() < self._deadline:
            try:
                said = self._state()
            except Refused as error:
                return self._outcome("uncertain", "error", f"the printer forgot the job: {error.detail}")
            except DriverError as error:
                trouble = error.code  # it may come back; who prints waits no longer than asked
            else:
                word = STATES.get(said.state, "")
                if word == "completed":
                    return self._completed(said)
                if word in ("canceled", "aborted"):
                    return self._ended("cancelled" if word == "canceled" else "error")
                trouble = self._device()[0]
                if trouble in ENDS_JOB:
                    return self.cancel(trouble)
            time.sleep(FOLLOW_EVERY)
        return self.cancel(trouble or "timeout")

    def cancel(self, reason: str) -> PageOutcome:
        """Take the job back and see that it is gone, from the queue and from the printer."""
        with contextlib.suppress(DriverError):  # it ended in this moment; its state tells how
            self._way.cancel()
        deadline = time.monotonic() + self._cancel_timeout
        while time.monotonic() < deadline:
            try:
                said = self._state()
            except Refused as error:
                return self._outcome("uncertain", reason, f"the printer forgot the job: {error.detail}")
            except DriverError:
                pass
            else:
                word = STATES.get(said.state, "")
                if word == "completed":
                    return self._completed(said)
                # the queue says cancelled before the printer does
                if word in ("canceled", "aborted") and (self._way.own_word or self._device()[1] == 0):
                    return self._ended(reason)
            time.sleep(FOLLOW_EVERY)
        return self._outcome("uncertain", reason, "not surely cancelled")

    def _state(self) -> JobState:
        self._last = self._way.state()
        return self._last

    def _completed(self, said: JobState) -> PageOutcome:
        unsure = next((reason for reason in said.reasons if reason in _NOT_SURE), "")
        if unsure:
            return self._outcome("uncertain", "error", unsure)
        after = self._device()[0]
        # CUPS takes a job for completed when the line to the printer breaks while it asks for it
        if after == "jam" or (after in _UNREACHED and not self._way.own_word):
            return self._outcome("uncertain", after)
        return self._outcome("confirmed", "ok", after)

    def _ended(self, reason: str) -> PageOutcome:
        """The job is gone. What came out before? Pages are counted as they are sent, not as they come out, so only a
        single page that needs paper, toner or a closed cover is surely not out.
        """
        if self._pages == 1 and reason in ("paper-out", "cover-open", "toner-out"):
            return self._outcome("failed", reason)
        why = next(iter(self._last.reasons), "") if self._last else ""
        return self._outcome("uncertain", reason, " ".join(filter(None, ("a sheet may be out", why))))

    def _outcome(self, result: str, reason: str, detail: str = "") -> PageOutcome:
        last = self._last
        return PageOutcome(
            result,  # type: ignore[arg-type]
            reason,
            detail,
            STATES.get(last.state) if last else None,
            last.impressions if last else None,
        )
