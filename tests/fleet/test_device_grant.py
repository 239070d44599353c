"""The terminal's code for a phone: RFC 8628, with oauthlib's client as the other side, and every error."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from oauthlib.oauth2 import DeviceClient
from oauthlib.oauth2.rfc6749.errors import CustomOAuth2Error, OAuth2Error

from contract.codes import Assurance
from contract.logins import DeviceAuthorization, IdentityAnswer
from fleet.sample_city import __path__ as sample_city
from tests.fleet.logins import CHEN_NUMBER, oauth
from tests.fleet.phone import Phone
from tests.fleet.running_platform import LIMIT, RunningPlatform, TestTerminal

pytestmark = pytest.mark.usefixtures("patient")
PEOPLE = Path(next(iter(sample_city))) / "people.json"
GRANT = "urn:ietf:params:oauth:grant-type:device_code"


def begin(terminal: TestTerminal) -> DeviceAuthorization:
    said = oauth(terminal, "device_authorization", client_id=terminal.terminal_id, scope="identity")
    assert said.status_code == 200, said.text
    assert said.headers["Cache-Control"] == "no-store"
    return DeviceAuthorization.model_validate_json(said.content)


def token(terminal: TestTerminal, device_code: str) -> requests.Response:
    return oauth(terminal, "token", grant_type=GRANT, device_code=device_code, client_id=terminal.terminal_id)


def error_of(said: requests.Response, status: int = 400) -> str:
    assert (said.status_code, said.headers["Cache-Control"]) == (status, "no-store")
    assert said.headers["Content-Type"] == "application/json"
    return str(said.json()["error"])


def userinfo(terminal: TestTerminal, access_token: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {access_token}"}
    return terminal.get(f"{terminal.platform.url}/oauth2/userinfo", headers=headers, timeout=LIMIT)


@pytest.fixture
def let_pass(platform: RunningPlatform) -> Callable[[str], None]:
    """Change the grants' times, instead of waiting."""

    def change(values: str) -> None:
        with sqlite3.connect(platform.data / "fleet.db", timeout=20) as database:
            database.execute(f"update device_grants set {values}")

    return change


def test_what_a_terminal_shows(terminal: TestTerminal) -> None:
    shown = begin(terminal)
    assert re.fullmatch(r"[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}", shown.user_code)
    assert shown.verification_uri == f"{terminal.platform.url}/device"
    assert shown.verification_uri_complete == f"{shown.verification_uri}?user_code={shown.user_code}"
    assert (shown.expires_in, shown.interval) == (300, 5)
    assert begin(terminal).user_code != shown.user_code


def test_the_whole_way_with_the_client_of_oauthlib(terminal: TestTerminal, platform: RunningPlatform) -> None:
    client = DeviceClient(terminal.terminal_id, scope=["identity"])
    shown = begin(terminal)
    Phone(platform).approves(shown.user_code, platform.citizen_code("--assurance", "high"))
    form = client.prepare_request_body(shown.device_code, include_client_id=True, scope=["identity"])
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    said = terminal.post(f"{platform.url}/oauth2/token", data=form, headers=headers, timeout=LIMIT)
    parsed = client.parse_request_body_response(said.text)
    assert (parsed["token_type"], parsed["expires_in"]) == ("Bearer", 60)
    uri, headers, _body = client.add_token(f"{platform.url}/oauth2/userinfo")
    answer = IdentityAnswer.model_validate_json(terminal.get(uri, headers=headers, timeout=LIMIT).content)
    assert answer.person is not None and answer.person.name == "王示例"
    assert answer.assurance is Assurance.HIGH


def test_the_errors_are_those_oauthlib_knows(terminal: TestTerminal) -> None:
    client = DeviceClient(terminal.terminal_id)
    said = token(terminal, begin(terminal).device_code)
    with pytest.raises((CustomOAuth2Error, OAuth2Error)) as refused:
        client.parse_request_body_response(said.text)
    assert refused.value.error == "authorization_pending"


def test_a_token_tells_once_and_only_its_terminal(
    terminal: TestTerminal, second: TestTerminal, platform: RunningPlatform
) -> None:
    shown = begin(terminal)
    Phone(platform).approves(shown.user_code, platform.citizen_code())
    access_token = token(terminal, shown.device_code).json()["access_token"]
    assert userinfo(second, access_token).status_code == 401
    assert userinfo(terminal, access_token).json()["person"]["name"] == "王示例"
    again = userinfo(terminal, access_token)
    assert (again.status_code, again.headers["WWW-Authenticate"]) == (401, 'Bearer error="invalid_token"')
    assert again.headers["Cache-Control"] == "no-store"
    assert error_of(token(terminal, shown.device_code)) == "invalid_grant"
    with sqlite3.connect(platform.data / "fleet.db") as database:
        used = database.execute("select identity from device_grants where state = 'used'").fetchall()
    assert set(used) == {(None,)}


def test_an_access_token_runs_out(
    terminal: TestTerminal, platform: RunningPlatform, let_pass: Callable[[str], None]
) -> None:
    shown = begin(terminal)
    Phone(platform).approves(shown.user_code, platform.citizen_code())
    access_token = token(terminal, shown.device_code).json()["access_token"]
    let_pass("token_expires_at = '2026-01-01 00:00:00.000000' where token_expires_at is not null")
    assert userinfo(terminal, access_token).status_code == 401


def test_pending_then_slow_down_which_grows(
    terminal: TestTerminal, platform: RunningPlatform, let_pass: Callable[[str], None]
) -> None:
    shown = begin(terminal)
    assert error_of(token(terminal, shown.device_code)) == "authorization_pending"
    assert error_of(token(terminal, shown.device_code)) == "slow_down"
    assert error_of(token(terminal, shown.device_code)) == "slow_down"
    with sqlite3.connect(platform.data / "fleet.db") as database:
        (interval,) = database.execute("select interval from device_grants order by created_at desc").fetchone()
    assert interval == 15
    let_pass("polled_at = datetime(polled_at, '-16 seconds') || '.000000' where polled_at is not null")
    assert error_of(token(terminal, shown.device_code)) == "authorization_pending"


def test_denied(terminal: TestTerminal, platform: RunningPlatform) -> None:
    shown = begin(terminal)
    assert "没有登录" in Phone(platform).denies(shown.user_code, platform.citizen_code())
    assert error_of(token(terminal, shown.device_code)) == "access_denied"


def test_expired(terminal: TestTerminal, platform: RunningPlatform, let_pass: Callable[[str], None]) -> None:
    shown = begin(terminal)
    let_pass("expires_at = strftime('%Y-%m-%d %H:%M:%f', 'now', '-1 seconds') || '000'")
    assert error_of(token(terminal, shown.device_code)) == "expired_token"
    assert "没有这个码" in Phone(platform).types(shown.user_code).text


def test_a_phone_too_late_is_told(
    terminal: TestTerminal, platform: RunningPlatform, let_pass: Callable[[str], None]
) -> None:
    shown, phone = begin(terminal), Phone(platform)
    phone.types(shown.user_code, platform.citizen_code())
    let_pass("expires_at = strftime('%Y-%m-%d %H:%M:%f', 'now', '-1 seconds') || '000'")
    assert "过期了，没有登录" in phone.does("approve").text
    assert error_of(token(terminal, shown.device_code)) == "expired_token"


def test_invalid_grant(terminal: TestTerminal, second: TestTerminal) -> None:
    shown = begin(terminal)
    assert error_of(token(second, shown.device_code)) == "invalid_grant"
    assert error_of(token(terminal, "invented")) == "invalid_grant"
    assert error_of(token(terminal, shown.device_code)) == "authorization_pending"


def test_invalid_client(terminal: TestTerminal, platform: RunningPlatform) -> None:
    for path in ("device_authorization", "token"):
        assert error_of(oauth(terminal, path, client_id="T-2", scope="identity"), 401) == "invalid_client"
        bare = requests.post(
            f"{platform.url}/oauth2/{path}", data={"client_id": "T-1"}, verify=platform.ca, timeout=LIMIT
        )
        assert error_of(bare, 401) == "invalid_client"
    bare = requests.get(f"{platform.url}/oauth2/userinfo", verify=platform.ca, timeout=LIMIT)
    assert error_of(bare, 401) == "invalid_client"


def test_requests_that_are_none(terminal: TestTerminal) -> None:
    client = {"client_id": terminal.terminal_id}
    assert error_of(oauth(terminal, "token", grant_type="password", **client)) == "unsupported_grant_type"
    assert error_of(oauth(terminal, "token", grant_type=GRANT, **client)) == "invalid_request"
    assert error_of(oauth(terminal, "token", device_code="x", **client)) == "invalid_request"
    assert error_of(oauth(terminal, "token", grant_type=GRANT, device_code="x")) == "invalid_request"
    assert error_of(oauth(terminal, "device_authorization")) == "invalid_request"
    assert error_of(oauth(terminal, "device_authorization", client_id=["T-1", "T-1"])) == "invalid_request"
    assert error_of(oauth(terminal, "device_authorization", scope="everything", **client)) == "invalid_scope"
    url = f"{terminal.platform.url}/oauth2/token"
    assert error_of(terminal.post(url, json={"grant_type": GRANT, **client}, timeout=LIMIT)) == "invalid_request"
    assert error_of(terminal.post(url, timeout=LIMIT)) == "invalid_request"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert error_of(terminal.post(url, data=b"\xff\xfe=%", headers=form, timeout=LIMIT)) == "invalid_request"
    assert terminal.get(url, timeout=LIMIT).status_code == 405


def test_no_code_of_a_grant_is_kept(terminal: TestTerminal, platform: RunningPlatform) -> None:
    shown = begin(terminal)
    arguments = ("--people", str(PEOPLE), "--number", CHEN_NUMBER)
    Phone(platform).approves(shown.user_code, str(platform.command("citizen-code", *arguments)["code"]))
    files = [path.read_bytes() for path in platform.data.glob("fleet.db*")]
    logs = [path.read_bytes() for path in (platform.data / "nginx").glob("*.log")]
    for secret in (shown.device_code, shown.user_code, shown.user_code.replace("-", ""), "陈假设", CHEN_NUMBER):
        assert not any(secret.encode() in content for content in files + logs), secret
        assert not any(json.dumps(secret).encode() in content for content in files)


def test_guessing_codes_takes_ever_longer(platform: RunningPlatform, terminal: TestTerminal) -> None:
    phone = Phone(platform)
    statuses = [phone.types("BBBB-BBBB").status_code for _ in range(7)]
    assert statuses == [400] * 6 + [429]
    shown = begin(terminal)
    refused = phone.types(shown.user_code)
    assert refused.status_code == 429 and "太多次" in refused.text


def test_what_an_app_hands_over_is_guessed_at_no_faster(platform: RunningPlatform, terminal: TestTerminal) -> None:
    """Anybody can read the code on a screen; with it the page must not tell which citizens' codes are good."""
    shown, phone = begin(terminal), Phone(platform)
    statuses = []
    for guess in range(7):
        statuses.append(phone.types(shown.user_code, f"https://code.example.invalid/jmm/{guess}").status_code)
        phone.page = phone.get(f"{phone.address}?user_code={shown.user_code}", timeout=LIMIT)
    assert statuses == [200] * 6 + [429]
