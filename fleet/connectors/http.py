"""JSON over HTTP to a service nobody here vouches for: no proxies, no redirects, small answers, little patience."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import requests

from fleet.errors import ServiceUnavailable

#: Seconds for one request to connect, and between two pieces of its answer.
CONNECT, READ = 2.0, 4.0
LARGEST = 256 * 1024


def ask(method: str, url: str, **options: Any) -> dict[str, Any]:
    """The JSON object the service answers, {} for an empty answer. Raises ServiceUnavailable for everything else."""
    with requests.Session() as session:
        session.trust_env = False
        try:
            with session.request(
                method, url, timeout=(CONNECT, READ), allow_redirects=False, stream=True, **options
            ) as answer:
                body, status = _read(answer), answer.status_code
        except ServiceUnavailable:
            raise
        except (requests.RequestException, OSError) as error:
            raise ServiceUnavailable(type(error).__name__) from None
        except Exception as error:  # urllib3 has a tree of errors of its own
            raise ServiceUnavailable(type(error).__name__) from None
    if not 200 <= status < 300:
        raise ServiceUnavailable(f"HTTP status {status}")
    if len(body) > LARGEST:
        raise ServiceUnavailable("the answer is too long")
    return _object(body) if body else {}


def text_of(answer: Mapping[str, Any], *path: str) -> str:
    """The text at `path` of an answer; "" where there is none."""
    value: Any = answer
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def _read(answer: requests.Response) -> bytes:
    """The body, or too much of it. Raises ServiceUnavailable for one that trickles: it would hold a thread."""
    body, until = b"", time.monotonic() + READ
    while len(body) <= LARGEST and (piece := answer.raw.read1(LARGEST, decode_content=True)):
        body += piece
        if time.monotonic() > until:
            raise ServiceUnavailable("the answer does not end")
    return body


def _object(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise ServiceUnavailable("the answer is not JSON") from None
    if not isinstance(content, dict):
        raise ServiceUnavailable("the answer is not a JSON object")
    return content
