"""The phone's pages in a real browser: every page, both decisions, and that nothing stays."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

import pytest
import requests
from selenium.webdriver.common.by import By

from contract.logins import IdentityAnswer
from tests.fleet.browser import Browser, open_browser
from tests.fleet.logins import CHEN_MOBILE, CHEN_NUMBER, StandIn
from tests.fleet.phone import Phone
from tests.fleet.running_platform import LIMIT, RunningPlatform, TestTerminal
from tests.fleet.test_device_grant import begin, token, userinfo

pytestmark = pytest.mark.usefixtures("patient")


@pytest.fixture(scope="module")
def browser(platform: RunningPlatform, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    yield from open_browser(platform, tmp_path_factory.mktemp("browser"))


def test_a_citizen_logs_in_by_phone(
    browser: Browser, terminal: TestTerminal, platform: RunningPlatform, sms_gateway: StandIn
) -> None:
    sms_gateway.do("forget")
    shown = begin(terminal)
    with sqlite3.connect(platform.data / "fleet.db") as database:
        sessions = database.execute("select count(*) from phone_sessions").fetchone()
    browser.driver.get(shown.verification_uri_complete)
    assert "机器屏幕上是这个码吗" in browser.text
    assert browser.driver.find_element(By.NAME, "user_code").get_attribute("value") == shown.user_code
    browser.picture("1-code")
    browser.presses("下一步")
    assert "您是哪一位" in browser.text
    browser.picture("2-who")
    browser.types("number", CHEN_NUMBER[:-1])
    browser.types("mobile", CHEN_MOBILE)
    browser.presses("发验证码")
    assert "身份证号码是 18 位" in browser.text
    browser.picture("2-who-wrong")
    browser.types("number", CHEN_NUMBER)
    browser.presses("发验证码")
    assert "短信里的 6 位数字" in browser.text
    code = sms_gateway.sms(CHEN_MOBILE)
    browser.types("code", f"{(int(code) + 1) % 1_000_000:06d}")
    browser.presses("下一步")
    assert "验证码不对" in browser.text
    browser.picture("3-sms")
    browser.types("code", code)
    browser.presses("下一步")
    assert "这是您要登录的机器吗" in browser.text
    for said in ("测试大厅", "一楼", "A01", "陈**"):
        assert said in browser.text
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d", browser.text)
    browser.picture("4-confirm")
    assert token(terminal, shown.device_code).json()["error"] == "authorization_pending"
    browser.presses("是我，登录")
    assert "机器上马上就登录" in browser.text
    browser.picture("5-done")
    assert browser.driver.get_cookies() == []
    with sqlite3.connect(platform.data / "fleet.db") as database:
        assert database.execute("select count(*) from phone_sessions").fetchone() == sessions
        database.execute("update device_grants set polled_at = null")
    said = userinfo(terminal, token(terminal, shown.device_code).json()["access_token"])
    answer = IdentityAnswer.model_validate_json(said.content)
    assert answer.person is not None and answer.person.number == CHEN_NUMBER


def test_somebody_else_s_machine_is_denied(browser: Browser, terminal: TestTerminal, platform: RunningPlatform) -> None:
    """The city's app hands its session over, so there is nothing to type but the code."""
    shown = begin(terminal)
    browser.driver.get(f"{shown.verification_uri}?user_code=&handover={platform.citizen_code()}")
    browser.types("user_code", shown.user_code.lower().replace("-", " "))
    browser.presses("下一步")
    assert "王**" in browser.text
    browser.presses("不是我")
    assert "没有登录" in browser.text
    browser.picture("5-denied")
    assert browser.driver.get_cookies() == []
    assert token(terminal, shown.device_code).json()["error"] == "access_denied"


def test_a_wrong_code_and_one_that_ran_out_are_said(
    browser: Browser, terminal: TestTerminal, platform: RunningPlatform
) -> None:
    browser.driver.get(f"{platform.url}/device")
    browser.types("user_code", "BBBB-BBBB")
    browser.presses("下一步")
    assert "没有这个码" in browser.text
    browser.picture("1-code-wrong")
    shown = begin(terminal)
    browser.driver.get(shown.verification_uri_complete)
    browser.presses("下一步")
    with sqlite3.connect(platform.data / "fleet.db", timeout=20) as database:
        database.execute("update device_grants set expires_at = '2026-01-01 00:00:00.000000'")
    browser.presses("不登录了")
    assert "这个码过期了" in browser.text
    browser.picture("5-gone")


def test_the_cookie_is_for_this_site_alone(platform: RunningPlatform) -> None:
    said = requests.get(f"{platform.url}/device", verify=platform.ca, timeout=LIMIT)
    cookie = said.headers["Set-Cookie"]
    assert cookie.startswith("__Host-device=")
    for word in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"):
        assert word in cookie
    assert "Domain" not in cookie
    assert "frame-ancestors 'none'" in said.headers["Content-Security-Policy"]
    assert (said.headers["Cache-Control"], said.headers["Referrer-Policy"]) == ("no-store", "no-referrer")


def test_another_site_cannot_decide(terminal: TestTerminal, platform: RunningPlatform) -> None:
    """A form posted from elsewhere knows no csrf field; one of another session is none either."""
    shown, phone = begin(terminal), Phone(platform)
    phone.types(shown.user_code, platform.citizen_code())
    for csrf in ("", "0" * 64, "汉", Phone(platform).page.text[-64:]):
        said = phone.post(phone.address, data={"action": "approve", "csrf": csrf}, timeout=LIMIT)
        assert said.status_code == 403
    assert phone.post(phone.address, data={f"f{n}": "x" for n in range(30)}, timeout=LIMIT).status_code == 403
    bare = requests.post(phone.address, data={"action": "approve"}, verify=platform.ca, timeout=LIMIT)
    assert bare.status_code == 403
    assert token(terminal, shown.device_code).json()["error"] == "authorization_pending"


def test_no_step_can_be_left_out(terminal: TestTerminal, platform: RunningPlatform) -> None:
    shown, phone = begin(terminal), Phone(platform)
    assert "您是哪一位" in phone.types(shown.user_code).text
    assert "您是哪一位" in phone.does("approve").text
    assert "您是哪一位" in phone.does("sms", code="000000").text
    assert token(terminal, shown.device_code).json()["error"] == "authorization_pending"


def test_text_from_the_address_is_text(platform: RunningPlatform) -> None:
    query = {"user_code": '"><script>', "handover": '"><script>alert(1)</script>'}
    said = requests.get(f"{platform.url}/device", params=query, verify=platform.ca, timeout=LIMIT)
    assert "<script>" not in said.text.lower()


def test_no_query_of_a_phone_is_in_the_log(platform: RunningPlatform) -> None:
    requests.get(f"{platform.url}/device", params={"handover": "secret-of-app"}, verify=platform.ca, timeout=LIMIT)
    log = (platform.data / "nginx" / "access.log").read_text()
    assert "GET /device 200" in log and "secret-of-app" not in log
