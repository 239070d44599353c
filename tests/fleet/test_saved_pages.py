"""A saved application on a phone, in a real browser: from the slip's code to "finish at a machine"."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import quote

import pytest
import requests
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from contract.saved_codes import new_code, written
from kiosk.forms import Form
from tests.fleet.allowance import application, released_form, save, saved_now, with_allowance, write_allowance
from tests.fleet.browser import Browser, open_browser
from tests.fleet.logins import CHEN_MOBILE, CHEN_NUMBER, LI_NUMBER, StandIn
from tests.fleet.running_platform import LIMIT, RunningPlatform, TestTerminal, running

NAME = "陈假设"
ROOT = "/data"
pytestmark = pytest.mark.usefixtures("patient")


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory, sms_gateway: StandIn) -> Iterator[RunningPlatform]:
    folder = tmp_path_factory.mktemp("allowance")
    write_allowance(folder / "city")
    sms = f'[sms]\nuse = "http"\nurl = "{sms_gateway.url}/messages"\nhealth = "{sms_gateway.url}/health"\n'
    yield from running(folder, f'[identity]\nuse = "sample_city"\n{sms}', with_allowance)


@pytest.fixture(scope="module")
def terminal(platform: RunningPlatform, tmp_path_factory: pytest.TempPathFactory) -> TestTerminal:
    return TestTerminal(platform, "T-1", tmp_path_factory.mktemp("T-1"))


@pytest.fixture(scope="module")
def browser(platform: RunningPlatform, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    yield from open_browser(platform, tmp_path_factory.mktemp("browser"))


@pytest.fixture(scope="module")
def xml(platform: RunningPlatform) -> str:
    return released_form(platform)


@pytest.fixture
def code(terminal: TestTerminal, xml: str) -> str:
    return save(terminal, application(xml, NAME, CHEN_MOBILE), CHEN_NUMBER)


def change(platform: RunningPlatform, statement: str) -> None:
    """The platform's database, behind its back."""
    with closing(sqlite3.connect(platform.data / "fleet.db", timeout=20)) as database:
        database.execute(statement)
        database.commit()


def enter(browser: Browser, platform: RunningPlatform, sms_gateway: StandIn, code: str) -> None:
    """Scan the slip, say who one is, type the message's digits."""
    change(platform, "delete from waits")
    browser.driver.delete_all_cookies()
    sms_gateway.do("forget")
    browser.driver.get(f"{platform.url}/saved?c={code}")
    browser.presses("下一步")
    browser.types("number", CHEN_NUMBER)
    browser.types("mobile", CHEN_MOBILE)
    browser.presses("发验证码")
    browser.types("code", sms_gateway.sms(CHEN_MOBILE))
    browser.presses("下一步")


def sets(browser: Browser, path: str, value: str) -> None:
    """As a finger sets a date or a time, whatever the browser's language writes."""
    field = browser.driver.find_element(By.NAME, f"q:{ROOT}/{path}")
    browser.driver.execute_script("arguments[0].value = arguments[1]", field, value)


def ticks(browser: Browser, path: str, value: str) -> None:
    found = browser.driver.find_element(By.CSS_SELECTOR, f'[name="q:{ROOT}/{path}"][value="{value}"]')
    found.find_element(By.XPATH, "./ancestor::label").click()


def answered(terminal: TestTerminal, xml: str, code: str) -> dict[str, str]:
    """What a terminal finds under the code now: answers by the ends of their paths."""
    session = Form.load(xml.encode()).restore(saved_now(terminal, code, CHEN_NUMBER).form.encode())
    return {
        re.sub(r"^/data/", "", question.path): question.value for page in session.pages() for question in page.questions
    }


def test_a_citizen_goes_on_by_phone(
    browser: Browser, platform: RunningPlatform, terminal: TestTerminal, sms_gateway: StandIn, xml: str, code: str
) -> None:
    browser.driver.get(f"{platform.url}/saved?c={code}")
    assert browser.driver.find_element(By.NAME, "code").get_attribute("value") == written(code)
    browser.picture("saved-1-code")
    enter(browser, platform, sms_gateway, code)

    # prefilled; an error beside the field and in the summary, and nothing of it lost
    assert "您的信息" in browser.text and NAME in browser.text and "第 1 页" in browser.text
    assert not browser.driver.find_elements(By.NAME, f"q:{ROOT}/who/name"), "from the card: not to be changed here"
    browser.types(f"q:{ROOT}/who/mobile", "1380")
    browser.presses("下一步")
    assert browser.text.count("手机号是 11 位") == 1 and "还有要改的" in browser.text
    assert browser.driver.find_element(By.NAME, f"q:{ROOT}/who/mobile").get_attribute("value") == "1380"
    browser.picture("saved-2-error")
    browser.types(f"q:{ROOT}/who/mobile", "13600000001")
    browser.presses("下一步")

    browser.presses("下一步")
    assert "还没有填" in browser.text
    ticks(browser, "alone", "no")
    browser.picture("saved-3-choice")
    browser.presses("下一步")
    ticks(browser, "kinds", "pension")
    ticks(browser, "kinds", "field")
    browser.presses("上一步")
    assert "一个人住" in browser.text
    browser.presses("下一步")
    kept = browser.driver.find_elements(By.CSS_SELECTOR, f'[name="q:{ROOT}/kinds"]:checked')
    assert [each.get_attribute("value") for each in kept] == ["pension", "field"], "going back loses nothing"
    browser.presses("下一步")

    # a repeat: one, another, and away with it
    browser.types(f"q:{ROOT}/child[1]/one/child_name", "陈小设")
    sets(browser, "child[1]/one/born", "2019-05-06")
    browser.presses("下一步")
    assert "孩子" in browser.text and "再加一个" in browser.text
    browser.presses("再加一个")
    browser.types(f"q:{ROOT}/child[2]/one/child_name", "陈多余")
    browser.presses("下一步")
    browser.picture("saved-4-list")
    browser.presses("去掉", 1)
    assert "陈多余" not in browser.driver.page_source
    browser.presses("没有了，下一步")

    Select(browser.driver.find_element(By.NAME, f"q:{ROOT}/rest/month")).select_by_value("m18")
    browser.types(f"q:{ROOT}/rest/rooms", "0")
    browser.types(f"q:{ROOT}/rest/area", "36.5")
    sets(browser, "rest/when", "18:30")
    sets(browser, "rest/since", "2019-05")
    browser.types(f"q:{ROOT}/rest/built", "198")
    browser.types(f"q:{ROOT}/rest/health", "3")
    for place, value in enumerate(("care", "food")):
        Select(browser.driver.find_elements(By.NAME, f"q:{ROOT}/rest/wish")[place]).select_by_value(value)
    browser.types(f"q:{ROOT}/rest/more", "没有<b>了</b>")
    assert "这一项回到机器上做" in browser.text
    browser.presses("下一步")
    assert "至少一间" in browser.text
    built = browser.driver.find_element(By.NAME, f"q:{ROOT}/rest/built")
    assert built.get_attribute("value") == "198", "half a year is still there to be finished"
    browser.types(f"q:{ROOT}/rest/built", "1986")
    browser.types(f"q:{ROOT}/rest/rooms", "2")
    ticks(browser, "rest/true", "OK")
    browser.picture("saved-5-many")
    browser.presses("下一步")

    assert "看一看填得对不对" in browser.text and "18 月" in browser.text and "没有<b>了</b>" in browser.text
    assert "18:30" in browser.text and "18:30:00" not in browser.text
    browser.picture("saved-6-check")
    browser.presses("填好了")
    assert "到机器上接着办完" in browser.text and written(code) in browser.text and "拍摄授权委托书" in browser.text
    browser.picture("saved-7-over")
    assert browser.driver.get_cookies() == []

    found = answered(terminal, xml, code)
    assert found["who/mobile"] == "13600000001" and found["kinds"] == "pension field"
    assert (found["rest/since"], found["rest/built"]) == ("2019-05-01", "1986-01-01")
    assert found["rest/wish"] == "care food" and found["rest/when"].startswith("18:30")
    assert (found["rest/health"], found["rest/rooms"], found["rest/true"]) == ("3", "2", "OK")
    assert [value for path, value in found.items() if path.endswith("child_name")] == ["陈小设"]


def test_stopped_half_way_it_is_all_there(
    browser: Browser, platform: RunningPlatform, terminal: TestTerminal, sms_gateway: StandIn, xml: str, code: str
) -> None:
    enter(browser, platform, sms_gateway, code)
    browser.presses("下一步")
    ticks(browser, "alone", "yes")
    browser.presses("先存着")
    assert "到机器上接着办完" in browser.text
    assert answered(terminal, xml, code)["alone"] == "yes"
    enter(browser, platform, sms_gateway, code)
    assert "一个人住" in browser.text, "the form stands where it was left"


def test_nothing_of_it_can_be_read_at_the_platform(
    browser: Browser, platform: RunningPlatform, sms_gateway: StandIn, code: str
) -> None:
    enter(browser, platform, sms_gateway, code)
    browser.types(f"q:{ROOT}/who/mobile", "13600000077")
    browser.presses("下一步")
    with closing(sqlite3.connect(platform.data / "fleet.db", timeout=20)) as database:
        assert database.execute("select count(*) from phone_sessions").fetchone() > (0,)
        assert database.execute("select count(*) from saved_applications where sealed is null").fetchone() == (0,)
    everything = b"".join(path.read_bytes() for path in platform.data.rglob("*") if path.is_file())
    for secret in ("13600000077", code, written(code), quote(written(code)), NAME, CHEN_NUMBER):
        assert secret.encode() not in everything
    cookie = browser.driver.get_cookie("__Host-saved")
    assert cookie is not None and cookie["httpOnly"] and cookie["secure"] and cookie["sameSite"] == "Strict"
    assert str(cookie["value"]).encode() not in everything


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ("update saved_applications set expires_at = datetime('now', '-1 hour') || '.000000'", "过了保留的日子"),
        ("update saved_applications set sealed = null, submitted_at = '2026-01-01 00:00:00.000000'", "已经提交过了"),
        ("delete from saved_applications", "没有找到"),
    ],
)
def test_what_does_not_open_is_told(
    browser: Browser, platform: RunningPlatform, sms_gateway: StandIn, code: str, spoil: str, said: str
) -> None:
    change(platform, spoil)
    enter(browser, platform, sms_gateway, code)
    assert said in browser.text
    browser.picture(f"saved-8-{len(said)}")


def test_somebody_else_s_and_a_misread_code(
    browser: Browser, platform: RunningPlatform, terminal: TestTerminal, sms_gateway: StandIn, xml: str
) -> None:
    enter(browser, platform, sms_gateway, save(terminal, application(xml, "李样本", ""), LI_NUMBER))
    assert "这是别人存的" in browser.text
    browser.driver.get(f"{platform.url}/saved")
    browser.types("code", new_code()[:-1])
    browser.presses("下一步")
    assert "写得不对" in browser.text


def test_without_having_said_who_one_is_nothing_is_shown(platform: RunningPlatform, code: str) -> None:
    phone = requests.Session()
    phone.verify, phone.trust_env = platform.ca, False
    page = phone.get(f"{platform.url}/saved", timeout=LIMIT)
    for action in ("code", "next", "sms", "finish"):
        csrf = re.search(r'name="csrf" value="([0-9a-f]{64})"', page.text)
        assert csrf
        form = {"csrf": csrf[1], "action": action, "code": code}
        page = phone.post(f"{platform.url}/saved", data=form, timeout=LIMIT)
        assert NAME not in page.text and "您是哪一位" in page.text
    said = phone.post(f"{platform.url}/saved", data={"action": "code", "code": code}, timeout=LIMIT)
    assert said.status_code == 403, "another site's form knows no csrf field"
    log = (platform.data / "nginx" / "access.log").read_text()
    phone.get(f"{platform.url}/saved?c={code}", timeout=LIMIT)
    assert "GET /saved 200" in log and code not in (platform.data / "nginx" / "access.log").read_text()
