"""A job given to the printer itself, without a queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from drivers.errors import BadAnswer, DriverError
from drivers.page_printer.capabilities import Capabilities, JobOptions
from drivers.page_printer.ipp import Attribute, Operation, Tag, attribute
from drivers.page_printer.job import JobState
from drivers.page_printer.printer import Printer

_WANTED = ("job-state", "job-state-reasons", "job-impressions-completed")


class DirectJob:
    """Create-Job and Send-Document where the printer has them, so that the job can be taken back; else Print-Job."""

    prefers_pdf = False
    own_word = True

    def __init__(self, printer: Printer, can: Capabilities) -> None:
        self._printer = printer
        self._can = can
        self._of_job: list[Attribute] = []
        self._title = ""
        self._id: int | None = None

    def create(self, title: str, options: JobOptions) -> None:
        """Make the job. Raises DriverError; then there is none."""
        self._title, self._of_job = title, options.attributes()
        if self._can.creates_jobs:
            self._id = self._job_id(self._printer.ask(Operation.CREATE_JOB, [self._name()], self._of_job))

    def send(self, document: bytes, kind: str, timeout: float) -> None:
        """Give it the document. Raises DriverError; then it may be printed all the same."""
        format_of = attribute(Tag.MIME_TYPE, "document-format", kind)
        if self._id is not None:
            last = attribute(Tag.BOOLEAN, "last-document", True)
            asked = [attribute(Tag.INTEGER, "job-id", self._id), format_of, last]
            self._printer.ask(Operation.SEND_DOCUMENT, asked, document=document, timeout=timeout)
        else:
            asked = [self._name(), format_of]
            answer = self._printer.ask(Operation.PRINT_JOB, asked, self._of_job, document, timeout)
            self._id = self._job_id(answer)

    def state(self) -> JobState:
        """Raises DriverError."""
        wanted = attribute(Tag.KEYWORD, "requested-attributes", *_WANTED)
        answer = self._printer.ask(Operation.GET_JOB_ATTRIBUTES, [self._job(), wanted])
        return job_state(answer.group(Tag.JOB_GROUP))

    def cancel(self) -> None:
        """Raises DriverError."""
        self._printer.ask(Operation.CANCEL_JOB, [self._job()])

    def close(self) -> None:
        """Nothing stays open between two questions."""

    def _name(self) -> Attribute:
        return attribute(Tag.NAME, "job-name", self._title)

    def _job(self) -> Attribute:
        if self._id is None:
            raise DriverError("no-job")
        return attribute(Tag.INTEGER, "job-id", self._id)

    def _job_id(self, answer: Any) -> int:
        found = answer.group(Tag.JOB_GROUP).get("job-id", [None])[0]
        if type(found) is not int:
            raise BadAnswer("bad-answer", "a job without a number")
        return found


def job_state(said: Mapping[str, Sequence[Any]]) -> JobState:
    """From a job's attributes. Raises BadAnswer where they hold no state."""
    state = next(iter(said.get("job-state", ())), None)
    if type(state) is not int:
        raise BadAnswer("bad-answer", "a job without a state")
    reasons = tuple(reason for reason in said.get("job-state-reasons", ()) if isinstance(reason, str))
    count = next(iter(said.get("job-impressions-completed", ())), None)
    return JobState(state, tuple(r for r in reasons if r != "none"), count if type(count) is int else None)
