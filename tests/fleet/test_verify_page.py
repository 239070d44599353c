"""The page that checks a certificate's code, in a real browser: every verdict, and nothing for the curious."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import base45
import cbor2
import pytest
import requests

from contract.cases import CaseAnswer
from contract.certificates import Certificate
from tests.fleet.browser import Browser, open_browser
from tests.fleet.running_platform import LIMIT, RunningPlatform, TestTerminal, run_command
from tests.fleet.sample_cases import proof_case, put_case
from tests.fleet.test_certificate_codes import changed
from tests.kiosk.documents.signing import code as foreign_code


@pytest.fixture(scope="module")
def browser(platform: RunningPlatform, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    yield from open_browser(platform, tmp_path_factory.mktemp("verify"))


def issued(terminal: TestTerminal) -> Certificate:
    answer = CaseAnswer.model_validate_json(put_case(terminal, proof_case()).content)
    assert answer.certificate is not None
    return answer.certificate


def test_every_verdict_in_words(browser: Browser, platform: RunningPlatform, terminal: TestTerminal) -> None:
    certificate = issued(terminal)
    browser.driver.get(f"{platform.url}/verify")
    browser.picture("verify-1-empty")
    assert "不按编号或姓名查询" in browser.text

    def verdict(text: str, name: str) -> str:
        browser.types("code", text)
        browser.presses("查验")
        browser.picture(f"verify-{name}")
        assert "code=" not in browser.driver.current_url, "a code must not stay in the history"
        return browser.text

    said = verdict(certificate.code, "2-genuine")
    assert "真实有效" in said and "Genuine" in said
    assert certificate.number in said and "李样本" in said and "3702**********0018" in said
    said = verdict(changed(certificate.code, -1), "3-changed")
    assert "内容对不上" in said and "请再扫一次" in said and certificate.number not in said
    said = verdict(foreign_code(), "4-unknown")
    assert "不是本平台签发" in said and "王示例" not in said
    said = verdict(certificate.number, "5-not-a-code")
    assert "这不是证照码" in said and "李样本" not in said
    platform.command("revoke-certificate", "--number", certificate.number)
    said = verdict(certificate.code, "6-revoked")
    assert "已作废" in said and "Revoked" in said and "真实有效" not in said


def ask(platform: RunningPlatform, text: str) -> str:
    answer = requests.post(f"{platform.url}/verify", data={"code": text}, verify=platform.ca, timeout=LIMIT)
    assert answer.status_code == 200
    return answer.text


def test_scanners_and_phones_spoil_little(platform: RunningPlatform, terminal: TestTerminal) -> None:
    """A line break at the end, lines broken, lower case, spaces around."""
    code = issued(terminal).code
    for text in (f"{code}\r\n", f"{code[:90]}\n{code[90:]}", code.lower(), f"  {code} "):
        assert "Genuine:" in ask(platform, text)


def test_a_signed_code_that_is_in_no_register(platform: RunningPlatform, terminal: TestTerminal) -> None:
    """Such as one of a platform that was set back to a backup."""
    certificate = issued(terminal)
    with sqlite3.connect(platform.data / "fleet.db", timeout=20) as database:
        database.execute("delete from certificates where number = ?", (certificate.number,))
    said = ask(platform, certificate.code)
    assert "不是本平台签发" in said and certificate.number not in said


@pytest.mark.parametrize(
    "text",
    ["%" * 2000, "A" * 100_000, "<script>alert(1)</script>", "\0", base45.b45encode(cbor2.dumps([1])).decode()],
)
def test_nonsense_is_an_answer(platform: RunningPlatform, text: str) -> None:
    said = ask(platform, text)
    assert "这不是证照码" in said and "<script>" not in said


def test_a_number_nobody_issued_cannot_be_revoked(platform: RunningPlatform) -> None:
    code, said = run_command("revoke-certificate", "--data", str(platform.data), "--number", "CB-26-999999")
    assert code == 1 and "CB-26-999999" in str(said)
