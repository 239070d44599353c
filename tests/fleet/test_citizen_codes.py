"""Citizen codes: good for one person, once, for a minute, at any terminal or at one."""

from __future__ import annotations

import json
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from contract.codes import Assurance
from contract.logins import Refusal
from tests.fleet.logins import check
from tests.fleet.running_platform import WANG, RunningPlatform, TestTerminal, run_command


def test_a_code_stands_for_its_person_once(terminal: TestTerminal, platform: RunningPlatform) -> None:
    code = platform.citizen_code()
    assert code.startswith("https://code.example.invalid/jmm/")
    first = check(terminal, code + "\r\n")
    assert first.person is not None
    assert (first.person.name, first.person.birth) == ("王示例", date(1992, 3, 18))
    assert first.assurance is Assurance.SUBSTANTIAL
    with sqlite3.connect(platform.data / "fleet.db") as database:
        kept = database.execute("select content from one_use_codes where used_at is not null").fetchall()
    assert {content for (content,) in kept} == {None}
    replay = check(terminal, code)
    assert (replay.person, replay.refused) == (None, Refusal.USED)


def test_a_code_says_how_sure_it_is(terminal: TestTerminal, platform: RunningPlatform) -> None:
    assert check(terminal, platform.citizen_code("--assurance", "high")).assurance is Assurance.HIGH


def test_of_many_that_show_one_code_together_one_gets_in(terminal: TestTerminal, platform: RunningPlatform) -> None:
    code = platform.citizen_code()
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: check(terminal, code), range(12)))
    assert sorted(answer.refused or "" for answer in answers) == [""] + ["used"] * 11


def test_a_code_runs_out_and_its_person_is_forgotten(terminal: TestTerminal, platform: RunningPlatform) -> None:
    code = platform.citizen_code("--lifetime", "0.1")
    time.sleep(0.15)
    assert check(terminal, code).refused is Refusal.EXPIRED
    with sqlite3.connect(platform.data / "fleet.db") as database:
        (left,) = database.execute(
            "select count(*) from one_use_codes where content is not null and expires_at < datetime('now')"
        ).fetchone()
    assert left == 0


def test_an_invented_code_is_unknown(terminal: TestTerminal) -> None:
    assert check(terminal, "https://code.example.invalid/jmm/guessed").refused is Refusal.UNKNOWN


def test_a_code_for_another_terminal_stays_usable_at_its_own(
    terminal: TestTerminal, second: TestTerminal, platform: RunningPlatform
) -> None:
    code = platform.citizen_code("--terminal", second.terminal_id)
    assert check(terminal, code).refused is Refusal.OTHER_TERMINAL
    assert check(second, code).person is not None
    assert check(second, code).refused is Refusal.USED


def test_a_terminal_asks_only_for_itself(terminal: TestTerminal, platform: RunningPlatform) -> None:
    code = platform.citizen_code()
    body = {"raw": code, "terminal_id": "T-2", "place": "一楼", "purpose": "login"}
    assert terminal.call("POST", "identity/code", json=body).status_code == 403
    assert check(terminal, code).person is not None


@pytest.mark.parametrize("path", ["code", "sms", "sms-check", "companies", "helper"])
def test_without_a_certificate_nobody_asks(platform: RunningPlatform, path: str) -> None:
    import requests

    answer = requests.post(f"{platform.url}/api/v1/identity/{path}", json={}, verify=platform.ca, timeout=20)
    assert answer.status_code == 403


def test_nobody_of_that_number_is_no_code(platform: RunningPlatform, tmp_path: Path) -> None:
    people = tmp_path / "people.json"
    people.write_text(json.dumps([WANG]), encoding="utf-8")
    arguments = ["citizen-code", "--data", str(platform.data), "--people"]
    assert run_command(*arguments, str(people), "--number", "370299199001010011")[0] == 1
    people.write_text("{", encoding="utf-8")
    assert run_command(*arguments, str(people), "--number", WANG["number"])[0] == 1
