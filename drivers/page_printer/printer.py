"""The printer itself, asked over IPP: one HTTP exchange a question, each with an end."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from drivers.errors import DeviceBusy, DriverError, HardwareFault, NotAllowed, Refused
from drivers.page_printer.ipp import Answer, Attribute, Operation, Tag, attribute, decode, encode
from drivers.wire.http_exchange import exchange, parse_url

# All attributes of a large office printer are 60 KB.
LARGEST_ANSWER = 4_000_000
# Printers without Create-Job are small programs; some of them say "100 Continue" unasked, and then wait for the end of
# the line behind a document.
SMALL_SERVER = 1.0
# Who prints, for the printer's own list of jobs: the terminal, never a citizen.
USER = "kiosk"
_VERSION_NOT_SUPPORTED = 0x0503
# Where a printer is that was named without a path, and is not at "/" (PWG 5100.14).
USUAL_PATH = "/ipp/print"
_JOB = ("job-id", "job-uri")
_PORTS = {"ipp": 631, "ipps": 631, "http": 80, "https": 443}

# status-code (RFC 8011 appendix B) -> what it means to us
_REFUSALS: dict[int, tuple[type[DriverError], str]] = {
    0x0401: (NotAllowed, "not-allowed"),
    0x0402: (NotAllowed, "not-allowed"),
    0x0403: (NotAllowed, "not-allowed"),
    0x0406: (Refused, "not-found"),
    0x0408: (Refused, "too-large"),
    0x040A: (Refused, "format-not-supported"),
    0x040B: (Refused, "not-supported"),
    0x0411: (Refused, "bad-document"),
    0x0412: (Refused, "bad-document"),
    0x0500: (HardwareFault, "error"),  # these three end a job that had begun, too (RFC 8011 B.1.5)
    0x0501: (Refused, "not-supported"),
    0x0502: (DeviceBusy, "busy"),
    0x0504: (HardwareFault, "error"),
    0x0505: (DeviceBusy, "busy"),
    0x0506: (DeviceBusy, "not-accepting"),
    0x0507: (DeviceBusy, "busy"),
    0x0508: (HardwareFault, "cancelled"),
    0x050A: (DeviceBusy, "not-accepting"),
    0x050B: (DeviceBusy, "busy"),
}


class Printer:
    """An IPP printer at ipp://, ipps:// or http:// HOST[:PORT]/PATH. Safe to use from several threads."""

    def __init__(self, uri: str, timeout: float) -> None:
        """`timeout` bounds each question in seconds. Raises ConfigError for a URI of another form."""
        self._at = parse_url(uri, _PORTS)
        parts = urlsplit(uri)
        self._secure = parts.scheme in ("ipps", "https")
        scheme = {"http": "ipp", "https": "ipps"}.get(parts.scheme, parts.scheme)
        # "http://host" is port 80, "ipp://host" is 631
        netloc = self._at.netloc if scheme != parts.scheme else parts.netloc.rpartition("@")[2]
        self._uri = parts._replace(scheme=scheme, netloc=netloc).geturl()
        self._pathless = self._at.path in ("", "/")
        self._timeout = timeout
        self._version = (1, 1)  # what every IPP printer understands; raised where one wants more

    def ask(
        self,
        operation: Operation,
        attributes: Iterable[Attribute] = (),
        of_job: Iterable[Attribute] = (),
        document: bytes = b"",
        timeout: float = 0.0,
    ) -> Answer:
        """One question. Raises NoAnswer, DeviceGone, BadAnswer, HardwareFault; DeviceBusy, NotAllowed and Refused where
        the printer did nothing of what was asked.
        """
        attributes, of_job = tuple(attributes), tuple(of_job)
        try:
            return self._ask(operation, attributes, of_job, document, timeout)
        except Refused as error:
            if error.code != "not-found" or not self._pathless or any(one.name in _JOB for one in attributes):
                raise
        self._pathless = False
        self._at = self._at._replace(path=USUAL_PATH)
        self._uri = urlsplit(self._uri)._replace(path=USUAL_PATH).geturl()
        return self._ask(operation, attributes, of_job, document, timeout)

    def _ask(
        self,
        operation: Operation,
        attributes: tuple[Attribute, ...],
        of_job: tuple[Attribute, ...],
        document: bytes,
        timeout: float,
    ) -> Answer:
        # the target comes first (RFC 8011 4.1.5): the printer, the printer and a number, or a job's own URI
        job = tuple(one for one in attributes if one.name in _JOB)
        by_uri = any(one.name == "job-uri" for one in job)
        target = (
            *(() if by_uri else (attribute(Tag.URI, "printer-uri", self._uri),)),
            *job,
            attribute(Tag.NAME, "requesting-user-name", USER),
            *(one for one in attributes if one not in job),
        )
        for _ in range(2):
            head = encode(operation, target, of_job, self._version)
            nudge = SMALL_SERVER if operation == Operation.PRINT_JOB else 0.0
            answer = decode(self._post(head + document, timeout or self._timeout, nudge))
            if answer.status != _VERSION_NOT_SUPPORTED:
                break
            self._version = (2, 0)
        if not answer.succeeded:
            kind, code = _REFUSALS.get(answer.status, (Refused, "error"))
            raise kind(code, f"status {answer.status:#06x}")
        return answer

    def _post(self, body: bytes, timeout: float, nudge: float) -> bytes:
        headers = {"Content-Type": "application/ipp", "Accept": "application/ipp"}
        status, data = exchange(self._at, "POST", timeout, body, headers, LARGEST_ANSWER, self._secure, nudge)
        if status in (401, 403):
            raise NotAllowed()
        if status == 503:
            raise DeviceBusy()
        if status >= 500:  # it began with it, for all we know
            raise HardwareFault("error", f"HTTP {status}")
        if status != 200:
            raise Refused("not-found" if status in (404, 405) else "error", f"HTTP {status}")
        return data
