"""The way to the platform: HTTPS with the terminal's own certificate, every call with a limit.

Every call raises Unreachable (no answer), Busy (not now) or Refused (never), all PlatformError. What is asked is never
sent on to another address, and an answer is believed only where it names what was asked.
"""

from __future__ import annotations

import base64
import hashlib
import re
import time
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urljoin
from uuid import UUID

import requests
from pydantic import ValidationError
from urllib3.exceptions import HTTPError

from contract.cases import CaseAnswer
from contract.model import Message
from contract.ratings import RatingAnswer
from contract.terminals import Heartbeat, HeartbeatAnswer
from offline_cache.errors import Busy, ClockWrong, NotUnderstood, Refused, Stumbles, Unreachable
from offline_cache.limits import STANDARD, Limits
from offline_cache.line import says_wrong_time, session

#: bytes of the longest answer that is read: a certificate has some thousand
LARGEST = 4 * 1024 * 1024
#: bytes of an answer read at once
_PIECE = 64 * 1024
#: statuses of proxies and of platforms that are overloaded: nothing is said about the request
_NOT_NOW = (408, 425, 429, 502, 503, 504)
#: a captive portal asks for a login (RFC 6585); nothing of the kind is the platform
_PORTAL = 511
_UPLOAD = re.compile(r"/api/v1/uploads/[0-9A-Za-z_-]{1,200}")

M = TypeVar("M", bound=Message)


@dataclass(frozen=True)
class Answer:
    """What the platform answered, whole."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)


class Platform:
    """The fleet server as a terminal sees it."""

    def __init__(self, url: str, pki: Path, limits: Limits = STANDARD) -> None:
        self._url = url.rstrip("/")
        self._limits = limits
        self._chunk = limits.chunk
        self._session = session(limits.send)
        self._session.verify = str(pki / "ca.crt")
        self._session.cert = (str(pki / "device.crt"), str(pki / "device.key"))

    def put_case(self, case_id: UUID, case: bytes) -> CaseAnswer:
        """Hand a case (JSON) over, as often as needed. Raises PlatformError; NotUnderstood for another case's answer.

        An acknowledgement counts only where it names these very bytes.
        """
        answer = understood(CaseAnswer, self.call("PUT", f"/api/v1/cases/{case_id}", case))
        if answer.case_id != case_id or answer.content_sha256 != hashlib.sha256(case).hexdigest():
            raise NotUnderstood("an answer to another case, or to other content")
        return answer

    def put_rating(self, rating_id: UUID, rating: bytes) -> None:
        """Hand a rating (JSON) over, as often as needed. Raises PlatformError."""
        answer = understood(RatingAnswer, self.call("PUT", f"/api/v1/ratings/{rating_id}", rating))
        if answer.rating_id != rating_id:
            raise NotUnderstood("an answer to another rating")

    def heartbeat(self, beat: Heartbeat) -> HeartbeatAnswer:
        """Say how the terminal is. Raises PlatformError."""
        answer = self.call("POST", "/api/v1/heartbeats", beat.model_dump_json())
        return understood(HeartbeatAnswer, answer)

    def create_upload(self, case_id: UUID, digest: str, length: int) -> str:
        """Announce an upload (tus 1.0.0, creation); the answer is its path. Raises PlatformError."""
        metadata = {"sha256": digest, "case_id": str(case_id)}
        encoded = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in metadata.items())
        headers = {"Upload-Length": str(length), "Upload-Metadata": encoded}
        location = _header(self._tus("POST", "/api/v1/uploads/", b"", headers), "Location")
        address = urljoin(self._url + "/api/v1/uploads/", location)
        path = address.removeprefix(self._url)
        if address == path or not _UPLOAD.fullmatch(path):
            raise NotUnderstood("an upload somewhere else")
        return path

    def upload(self, location: str, content: bytes, goes_on: Callable[[], bool] = lambda: True) -> bool:
        """Send what the platform does not have of `content`; whether it has it all now.

        After Unreachable, or when `goes_on` said no between two pieces, call again and it continues there. tuspy is
        not used: it sets no time limit on its requests (docs/decisions.md). Raises PlatformError.
        """
        stands = self._tus("HEAD", location)
        offset, length = _number(stands, "Upload-Offset"), _number(stands, "Upload-Length")
        if length != len(content) or offset > length:
            raise NotUnderstood("another upload, or more than was sent")
        while offset < len(content):
            part = content[offset : offset + self._chunk]
            reached = self._send_piece(location, offset, part)
            if not offset < reached <= offset + len(part):
                raise NotUnderstood("an upload that does not go on")
            offset = reached
            if offset < len(content) and not goes_on():
                return False
        return True

    def _send_piece(self, location: str, offset: int, part: bytes) -> int:
        headers = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        began = time.monotonic()
        try:
            reached = _number(self._tus("PATCH", location, part, headers), "Upload-Offset")
        except Unreachable:
            self._chunk = max(self._chunk // 4, self._limits.smallest_chunk)
            raise
        took = time.monotonic() - began
        if took > self._limits.piece:
            self._chunk = max(self._chunk // 2, self._limits.smallest_chunk)
        elif took < self._limits.piece / 4:
            self._chunk = min(self._chunk * 2, self._limits.chunk)
        return reached

    def _tus(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
        return self.call(method, path, body, headers={"Tus-Resumable": "1.0.0"} | (headers or {}))

    def call(
        self,
        method: str,
        path: str,
        body: str | bytes = b"",
        seconds: float | None = None,
        headers: dict[str, str] | None = None,
        refusals: Container[int] = (),
        largest: int = LARGEST,
    ) -> Answer:
        """One request, its answer no longer than `largest` bytes. A status of `refusals` is an answer the caller reads.

        After anything but a whole answer the connection is closed: a late answer meets no other request. Raises
        PlatformError.
        """
        data = body.encode() if isinstance(body, str) else body
        options: dict[str, Any] = {"headers": {"Content-Type": "application/json"} | (headers or {})}
        try:
            with self._session.request(
                method,
                self._url + path,
                data=data,
                timeout=(self._limits.connect, seconds or self._limits.answer),
                allow_redirects=False,
                stream=True,
                **options,
            ) as said:
                answer = Answer(said.status_code, said.headers, _read(said, largest))
        except (requests.RequestException, HTTPError, OSError) as error:
            # the exception's own text can hold the URL and more; only its kind is passed on
            if says_wrong_time(error):
                raise ClockWrong("the platform's certificate is not valid by this terminal's clock") from None
            raise Unreachable(type(error).__name__) from None
        return _judged(answer, refusals)


def understood(model: type[M], answer: Answer) -> M:
    """The answer's message. Raises NotUnderstood for one that is not of the contract."""
    try:
        return model.model_validate_json(answer.content)
    except ValidationError:
        # the exception's own text quotes the answer, which can name a person
        raise NotUnderstood("an answer that is not understood") from None


def _judged(answer: Answer, refusals: Container[int]) -> Answer:
    status = answer.status_code
    if status in _NOT_NOW:
        raise Busy(f"status {status}")
    if 300 <= status < 400 or status == _PORTAL or status < 200:
        raise NotUnderstood(f"status {status}")
    if status >= 500:
        raise Stumbles(f"status {status}")
    if status >= 400 and status not in refusals:
        raise Refused(status)
    return answer


def _read(answer: requests.Response, largest: int) -> bytes:
    """The whole body. Raises NotUnderstood for one that is too long, Unreachable's causes for one that breaks off."""
    content = bytearray()
    while piece := answer.raw.read1(_PIECE, decode_content=True):
        content += piece
        if len(content) > largest:
            raise NotUnderstood("an answer without an end")
    return bytes(content)


def _header(answer: Answer, name: str) -> str:
    value = answer.headers.get(name, "")
    if not value:
        raise NotUnderstood(f"an answer without {name}")
    return value


def _number(answer: Answer, name: str) -> int:
    value = _header(answer, name)
    if not (value.isascii() and value.isdigit() and len(value) < 16):
        raise NotUnderstood(f"an {name} that is no number")
    return int(value)
