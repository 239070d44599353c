"""One job: what every way to a printer promises, and following it to its end."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from drivers.errors import DeviceBusy, DriverError, NotAllowed, Refused
from drivers.page_printer.capabilities import JobOptions
from drivers.printing import PrintOutcome

# Asking for the job costs the printer little.
FOLLOW_EVERY = 0.3
# A printer that answers, but not this question, so many times will not answer it.
_TRIES = 3
# An idle printer takes a job up at once (RFC 8011 5.4.11); some look for work each second.
SETTLED = 2.0
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


@dataclass(frozen=True)
class PrinterState:
    """How the printer itself is. `trouble` is a code, "" where nothing keeps it from printing; `jobs` are those it
    holds, None where it does not count them.
    """

    trouble: str
    idle: bool = False
    jobs: int | None = None


class Way(Protocol):
    """A way for one document: a CUPS queue, or the printer itself. Each method ends in time and raises DriverError."""

    prefers_pdf: bool
    """Whether it takes a PDF whatever the printer takes."""
    own_word: bool
    """Whether its word about a job's end is the printer's own."""

    def create(self, title: str, options: JobOptions) -> None:
        """Make the job; where this raises there is none."""

    def send(self, document: bytes, kind: str, timeout: float) -> JobState | None:
        """Give it the document; what is said of the job then. Where this raises it may be printed all the same; it
        surely is not where that is Refused, DeviceBusy or NotAllowed.
        """

    def state(self) -> JobState:
        """How the job is. Refused: this will not be told."""

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
    device: Callable[[], PrinterState],
    cancel_timeout: float = CANCEL_TIMEOUT,
) -> PageOutcome:
    """Send and follow, at most `timeout` s and `cancel_timeout`. `device` asks the printer itself."""
    deadline = time.monotonic() + timeout
    try:
        way.create(title, options)
    except DriverError as error:
        return PageOutcome("failed", error.code, error.detail)
    job = _Job(way, device, pages, deadline, cancel_timeout)
    try:
        told = way.send(*document, max(1.0, timeout))
    except (Refused, DeviceBusy, NotAllowed) as error:
        job.cancel(error.code)
        return PageOutcome("failed", error.code, error.detail)
    except DriverError as error:
        return job.cancel(error.code)
    return job.follow(told)


class _Job:
    """A job whose document is on its way."""

    def __init__(
        self,
        way: Way,
        device: Callable[[], PrinterState],
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

    def follow(self, told: JobState | None) -> PageOutcome:
        """`told` is what the printer said of the job as it took it."""
        trouble, tries = "", 0
        while time.monotonic() < self._deadline:
            try:
                said = self._state()
            except DriverError as error:
                refused = isinstance(error, Refused)
                if refused and (trouble or self._last or not self._way.own_word):
                    return self._outcome("uncertain", "error", f"the printer forgot the job: {error.detail}")
                answers = self._last is None and self._way.own_word and self._device().trouble not in _UNREACHED
                tries = tries + 1 if answers else 0
                if refused or tries == _TRIES:
                    return self._watch(told)
                trouble = error.code  # it may come back; who prints waits no longer than asked
            else:
                word = STATES.get(said.state, "")
                if word == "completed":
                    return self._completed(said)
                if word in ("canceled", "aborted"):
                    return self._ended("cancelled" if word == "canceled" else "error")
                trouble = self._device().trouble
                if trouble in ENDS_JOB:
                    return self.cancel(trouble)
            time.sleep(FOLLOW_EVERY)
        return self.cancel(trouble or "timeout")

    def _watch(self, told: JobState | None) -> PageOutcome:
        """The printer took the document and tells nothing of the job afterwards (it keeps none, or does not know
        Get-Job-Attributes). What it said of it counts; else the printer: idle, with nothing to keep it from printing
        and no job left, for SETTLED seconds, is "confirmed" and "by-status".
        """
        self._last = told
        word = STATES.get(told.state, "") if told else ""
        if told and word == "completed":
            return self._completed(told)
        if word in ("canceled", "aborted"):
            return self._ended("cancelled" if word == "canceled" else "error")
        held = word in ("pending-held", "processing-stopped")  # a printer is idle beside such a job
        trouble, idle_since = "", None
        while time.monotonic() < self._deadline:
            now = self._device()
            trouble = now.trouble
            if trouble in ENDS_JOB:
                return self.cancel(trouble)
            if held or trouble or not now.idle or now.jobs:
                idle_since = None
            elif idle_since is None:
                idle_since = time.monotonic()
            elif time.monotonic() - idle_since >= SETTLED:
                return self._outcome("confirmed", "ok", "by-status")
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
                return self._outcome("uncertain", reason, f"the printer forgot the job: {error.detail or error.code}")
            except DriverError:
                pass
            else:
                word = STATES.get(said.state, "")
                if word == "completed":
                    return self._completed(said)
                # the queue says cancelled before the printer does
                if word in ("canceled", "aborted") and (self._way.own_word or self._device().jobs == 0):
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
        after = self._device().trouble
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
