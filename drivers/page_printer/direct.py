"""A job given to the printer itself, without a queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from drivers.errors import BadAnswer, Refused
from drivers.page_printer.capabilities import Capabilities, JobOptions
from drivers.page_printer.ipp import Answer, Attribute, Operation, Tag, attribute
from drivers.page_printer.job import JobState
from drivers.page_printer.printer import Printer

# Longer than a question of how it is: where the answer is lost, a job without a document stays in the printer, and one
# that takes one job at a time (ippeveprinter does) is busy until it forgets it.
CREATE_WITHIN = 10.0
_WANTED = ("job-state", "job-state-reasons", "job-impressions-completed")


class DirectJob:
    """Create-Job and Send-Document where the printer has them, so that the job can be taken back; else Print-Job.

    A job is called by its number, or by its URI where a printer gives nothing else.
    """

    prefers_pdf = False
    own_word = True

    def __init__(self, printer: Printer, can: Capabilities) -> None:
        self._printer = printer
        self._can = can
        self._of_job: list[Attribute] = []
        self._title = ""
        self._job: Attribute | None = None

    def create(self, title: str, options: JobOptions) -> None:
        """Make the job. Raises DriverError; then there is none."""
        self._title, self._of_job = title, options.attributes()
        if self._can.creates_jobs:
            try:
                answer = self._printer.ask(Operation.CREATE_JOB, [self._name()], self._of_job, timeout=CREATE_WITHIN)
            except Refused as error:
                if error.code != "not-supported":
                    raise
                return  # it names what it has not: Print-Job
            self._job = _job_of(answer)
            if self._job is None:
                raise BadAnswer("bad-answer", "a job without a number")

    def send(self, document: bytes, kind: str, timeout: float) -> JobState | None:
        """Give it the document; what the printer says of the job as it takes it. Raises DriverError; then it may be
        printed all the same, unless that is Refused, DeviceBusy or NotAllowed.
        """
        format_of = attribute(Tag.MIME_TYPE, "document-format", kind)
        if self._job is not None:
            asked = [self._job, format_of, attribute(Tag.BOOLEAN, "last-document", True)]
            answer = self._printer.ask(Operation.SEND_DOCUMENT, asked, document=document, timeout=timeout)
        else:
            asked = [self._name(), format_of]
            answer = self._printer.ask(Operation.PRINT_JOB, asked, self._of_job, document, timeout)
            self._job = _job_of(answer)
        try:
            return job_state(answer.group(Tag.JOB_GROUP))
        except BadAnswer:
            return None  # it took the document, which is all that is asked here

    def state(self) -> JobState:
        """Raises DriverError; Refused "no-job" where the printer gave the job no name."""
        wanted = attribute(Tag.KEYWORD, "requested-attributes", *_WANTED)
        answer = self._printer.ask(Operation.GET_JOB_ATTRIBUTES, [self._called(), wanted])
        return job_state(answer.group(Tag.JOB_GROUP))

    def cancel(self) -> None:
        """Raises DriverError."""
        self._printer.ask(Operation.CANCEL_JOB, [self._called()])

    def close(self) -> None:
        """Nothing stays open between two questions."""

    def _name(self) -> Attribute:
        return attribute(Tag.NAME, "job-name", self._title)

    def _called(self) -> Attribute:
        if self._job is None:
            raise Refused("no-job")
        return self._job


def _job_of(answer: Answer) -> Attribute | None:
    """How the job is called; None where the printer does not say."""
    said = answer.group(Tag.JOB_GROUP)
    number, uri = (next(iter(said.get(name, ())), None) for name in ("job-id", "job-uri"))
    if type(number) is int:
        return attribute(Tag.INTEGER, "job-id", number)
    return attribute(Tag.URI, "job-uri", uri) if isinstance(uri, str) else None


def job_state(said: Mapping[str, Sequence[Any]]) -> JobState:
    """From a job's attributes. Raises BadAnswer where they hold no state."""
    state = next(iter(said.get("job-state", ())), None)
    if type(state) is not int:
        raise BadAnswer("bad-answer", "a job without a state")
    reasons = tuple(reason for reason in said.get("job-state-reasons", ()) if isinstance(reason, str))
    count = next(iter(said.get("job-impressions-completed", ())), None)
    return JobState(state, tuple(r for r in reasons if r != "none"), count if type(count) is int else None)
