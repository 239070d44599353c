"""What the terminal makes of the platform's answers about people: RFC 8628's errors, and answers that are none."""

from __future__ import annotations

import json
from collections.abc import Callable
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from contract.codes import Assurance
from contract.logins import CodeCheck, Purpose
from offline_cache.errors import Busy, PlatformError, Refused
from offline_cache.identity_service import IdentityService
from tests.offline_cache.odd_platform import odd, way

__all__ = ["odd"]

PENDING = {"device_code": "d", "user_code": "BCDF-GHJK", "verification_uri": "https://x.invalid/device",
           "verification_uri_complete": "https://x.invalid/device?user_code=BCDF-GHJK", "expires_in": 300}  # fmt: skip
PERSON = {
    "person": {"name": "李样本", "number": "370299198506070018"},
    "assurance": 2,
    "checked_at": "2026-11-21T09:30Z",
}


@pytest.fixture
def service(odd: ThreadingHTTPServer, tmp_path: Path) -> IdentityService:
    return IdentityService(way(odd, tmp_path), "HW-0001")


def say(odd: ThreadingHTTPServer, content: Any, status: int = 200) -> None:
    body = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
    odd.said = (status, {"Content-Type": "application/json"}, body)  # type: ignore[attr-defined]


def test_a_code_for_the_phone(odd: ThreadingHTTPServer, service: IdentityService) -> None:
    # section 3.2: the interval may be missing and is 5 then; unknown members are passed over
    say(odd, {**PENDING, "something": "else"})
    code = service.begin_phone_login()
    assert (code.interval, code.expires_in, code.user_code) == (5, 300, "BCDF-GHJK")
    say(odd, {**PENDING, "interval": 9})
    assert service.begin_phone_login().interval == 9


@pytest.mark.parametrize(
    ("error", "status", "expected"),
    [
        ("authorization_pending", 400, "authorization_pending"),
        ("slow_down", 400, "slow_down"),
        ("access_denied", 400, "access_denied"),
        ("expired_token", 400, "expired_token"),
        ("invalid_grant", 400, "refused"),
        ("invalid_request", 400, "refused"),
        ("invalid_client", 401, "refused"),
        ("unsupported_grant_type", 400, "refused"),
        ("unauthorized_client", 400, "refused"),
        ("invalid_scope", 400, "refused"),
        ("an error of next year", 400, "refused"),
    ],
)
def test_every_error_of_the_rfc(
    odd: ThreadingHTTPServer, service: IdentityService, error: str, status: int, expected: str
) -> None:
    say(odd, {"error": error, "error_description": "…"}, status)
    assert service.poll_phone_login("d") == expected


@pytest.mark.parametrize("status", [403, 404, 500, 503])
def test_other_statuses_are_no_answer_to_the_phone(
    odd: ThreadingHTTPServer, service: IdentityService, status: int
) -> None:
    say(odd, {"error": "access_denied"}, status)
    with pytest.raises(PlatformError):
        service.poll_phone_login("d")


CALLS: list[Callable[[IdentityService], object]] = [
    lambda service: service.begin_phone_login(),
    lambda service: service.poll_phone_login("d"),
    lambda service: service.send_sms("370299198506070018", "13900000018"),
    lambda service: service.check_sms("c", "123456"),
    lambda service: service.companies("370299198506070018"),
    lambda service: service.check_helper("x"),
    lambda service: service.check_code(CodeCheck(raw="x", terminal_id="T", place="p", purpose=Purpose.LOGIN)),
]
NONSENSE = [b"", b"{}", b"[]", b'"text"', b"null", b"<html>Sign in</html>", b"\xff\xfe", b"[" * 20_000, b'{"error": 7}',
            json.dumps(PERSON).encode()[:-5]]  # fmt: skip


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("body", NONSENSE)
def test_nonsense_is_no_person_and_no_traceback(
    odd: ThreadingHTTPServer, service: IdentityService, call: Callable[[IdentityService], object], body: bytes
) -> None:
    for status in (200, 400):
        say(odd, body, status)
        try:
            answer = call(service)
        except PlatformError as error:
            assert "李样本" not in str(error) and "3702" not in str(error)
        else:
            # an empty object is a list without companies, or an answer without a person: never somebody
            assert answer in ([], "refused") or getattr(answer, "person", None) is None, (body, answer)


def test_a_person(odd: ThreadingHTTPServer, service: IdentityService) -> None:
    say(odd, PERSON)
    answer = service.check_sms("c", "123456")
    assert answer.person is not None and answer.person.name == "李样本" and answer.assurance is Assurance.SUBSTANTIAL
    assert "李样本" not in repr(answer)


def test_a_register_that_does_not_answer_is_not_an_empty_one(
    odd: ThreadingHTTPServer, service: IdentityService
) -> None:
    say(odd, {"companies": [], "refused": "unavailable"})
    with pytest.raises(Busy):
        service.companies("370299198506070018")
    say(odd, {"companies": []})
    assert service.companies("370299198506070018") == []


def test_a_refused_request_is_told(odd: ThreadingHTTPServer, service: IdentityService) -> None:
    say(odd, {"detail": "no"}, 403)
    with pytest.raises(Refused):
        service.send_sms("370299198506070018", "13900000018")
