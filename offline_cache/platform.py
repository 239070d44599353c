"""The way to the platform: HTTPS with the terminal's own certificate, every call with a limit.

Every call raises Unreachable (no answer), Busy (not now) or Refused (never), all PlatformError.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import requests
from pydantic import ValidationError
from urllib3.exceptions import HTTPError

from contract.cases import Case, CaseAnswer
from contract.model import Message
from contract.ratings import Rating
from contract.terminals import Heartbeat, HeartbeatAnswer
from offline_cache.errors import Busy, Refused, Unreachable

#: seconds to connect and to wait for each answer; live terminals use 5 s for a platform call
CONNECT_SECONDS, ANSWER_SECONDS = 3.0, 10.0
#: bytes of an upload sent at once; a cut costs at most this much
CHUNK = 256 * 1024
#: bytes of the longest answer that is read: a certificate has some thousand
LARGEST = 4 * 1024 * 1024

M = TypeVar("M", bound=Message)


@dataclass(frozen=True)
class Answer:
    """What the platform answered, whole."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)


class Platform:
    """The fleet server as a terminal sees it."""

    def __init__(self, url: str, pki: Path) -> None:
        self._url = url.rstrip("/")
        self._session = requests.Session()
        self._session.verify = str(pki / "ca.crt")
        self._session.cert = (str(pki / "device.crt"), str(pki / "device.key"))
        self._session.trust_env = False

    def put_case(self, case: Case) -> CaseAnswer:
        """Hand a case over, as often as needed. Raises PlatformError."""
        answer = self.call("PUT", f"/api/v1/cases/{case.case_id}", case.model_dump_json())
        return understood(CaseAnswer, answer)

    def put_rating(self, rating: Rating) -> None:
        """Hand a rating over, as often as needed. Raises PlatformError."""
        self.call("PUT", f"/api/v1/ratings/{rating.rating_id}", rating.model_dump_json())

    def heartbeat(self, beat: Heartbeat) -> HeartbeatAnswer:
        """Say how the terminal is. Raises PlatformError."""
        answer = self.call("POST", "/api/v1/heartbeats", beat.model_dump_json())
        return understood(HeartbeatAnswer, answer)

    def create_upload(self, case_id: UUID, digest: str, length: int) -> str:
        """Announce an upload (tus 1.0.0, creation); the answer is its location. Raises PlatformError."""
        metadata = {"sha256": digest, "case_id": str(case_id)}
        encoded = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in metadata.items())
        headers = {"Upload-Length": str(length), "Upload-Metadata": encoded}
        location = _header(self._tus("POST", "/api/v1/uploads/", b"", headers), "Location")
        return location if location.startswith("/") else "/" + location.split("/", 3)[3]

    def upload(self, location: str, content: bytes) -> None:
        """Send what the platform does not have of `content`; after Unreachable, call again and it continues there.

        tuspy is not used: it sets no time limit on its requests (docs/decisions.md). Raises PlatformError.
        """
        offset = _offset(self._tus("HEAD", location))
        while offset < len(content):
            part = content[offset : offset + CHUNK]
            headers = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
            reached = _offset(self._tus("PATCH", location, part, headers))
            if reached <= offset:
                raise Busy("an upload that does not go on")
            offset = reached

    def _tus(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
        return self.call(method, path, body, headers={"Tus-Resumable": "1.0.0"} | (headers or {}))

    def call(
        self,
        method: str,
        path: str,
        body: str | bytes = b"",
        seconds: float = ANSWER_SECONDS,
        headers: dict[str, str] | None = None,
        refusals: Container[int] = (),
        largest: int = LARGEST,
    ) -> Answer:
        """One request, its answer no longer than `largest` bytes. A status of `refusals` is an answer the caller reads.

        Raises PlatformError.
        """
        data = body.encode() if isinstance(body, str) else body
        options: dict[str, Any] = {"headers": {"Content-Type": "application/json"} | (headers or {})}
        try:
            with self._session.request(
                method,
                self._url + path,
                data=data,
                timeout=(CONNECT_SECONDS, seconds),
                allow_redirects=False,
                stream=True,
                **options,
            ) as said:
                content = _read(said, time.monotonic() + seconds, largest)
                answer = Answer(said.status_code, said.headers, content)
        except (requests.RequestException, HTTPError, OSError) as error:
            # the exception's own text can hold the URL and more; only its kind is passed on
            raise Unreachable(type(error).__name__) from None
        if answer.status_code >= 500 or answer.status_code in (408, 425, 429):
            raise Busy(f"status {answer.status_code}")
        if answer.status_code >= 300 and answer.status_code not in refusals:
            raise Refused(answer.status_code)
        return answer


def understood(model: type[M], answer: Answer) -> M:
    """The answer's message. Raises Busy for one that is not of the contract: a half-updated platform, a wrong proxy."""
    try:
        return model.model_validate_json(answer.content)
    except ValidationError:
        # the exception's own text quotes the answer, which can name a person
        raise Busy("an answer that is not understood") from None


def _read(answer: requests.Response, deadline: float, largest: int) -> bytes:
    """The whole body. Raises Busy for one that is too long, or that trickles and is not whole at the deadline."""
    content = bytearray()
    while piece := answer.raw.read1(CHUNK, decode_content=True):
        content += piece
        if len(content) > largest or time.monotonic() > deadline:
            raise Busy("an answer without an end")
    return bytes(content)


def _header(answer: Answer, name: str) -> str:
    value = answer.headers.get(name, "")
    if not value:
        raise Busy(f"an answer without {name}")
    return value


def _offset(answer: Answer) -> int:
    value = _header(answer, "Upload-Offset")
    if not (value.isascii() and value.isdigit()):
        raise Busy("an offset that is no number")
    return int(value)
