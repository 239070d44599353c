"""Citizen codes: good for one person, once, for a minute."""

from __future__ import annotations

import json
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from contract.identity import CodeAnswer
from tests.fleet.running_platform import WANG, RunningPlatform, TestTerminal, run_command


def check(terminal: TestTerminal, raw: str) -> CodeAnswer:
    body = {"raw": raw, "place": "一楼", "purpose": "办事"}
    answer = terminal.call("POST", "identity/code", json=body)
    assert answer.status_code == 200, answer.text
    return CodeAnswer.model_validate_json(answer.content)


def test_a_code_stands_for_its_person_once(terminal: TestTerminal, platform: RunningPlatform) -> None:
    code = platform.citizen_code()
    assert code.startswith("https://code.example.invalid/jmm/")
    first = check(terminal, code + "\r\n")
    assert first.person is not None
    assert (first.person.name, first.person.birth) == ("王示例", date(1992, 3, 18))
    with sqlite3.connect(platform.data / "fleet.db") as database:
        kept = database.execute("select person from citizen_codes where used_at is not null").fetchall()
    assert {person for (person,) in kept} == {"{}"}
    replay = check(terminal, code)
    assert (replay.person, replay.refused) == (None, "used")


def test_of_many_that_show_one_code_together_one_gets_in(terminal: TestTerminal, platform: RunningPlatform) -> None:
    code = platform.citizen_code()
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: check(terminal, code), range(12)))
    assert sorted(answer.refused for answer in answers) == [""] + ["used"] * 11


def test_a_code_runs_out(terminal: TestTerminal, platform: RunningPlatform) -> None:
    code = platform.citizen_code("--lifetime", "0.1")
    time.sleep(0.15)
    assert check(terminal, code).refused == "expired"


def test_an_invented_code_is_unknown(terminal: TestTerminal) -> None:
    assert check(terminal, "https://code.example.invalid/jmm/guessed").refused == "unknown"


def test_nobody_of_that_number_is_no_code(platform: RunningPlatform, tmp_path: Path) -> None:
    people = tmp_path / "people.json"
    people.write_text(json.dumps([WANG]), encoding="utf-8")
    arguments = ["citizen-code", "--data", str(platform.data), "--people"]
    assert run_command(*arguments, str(people), "--number", "370299199001010011")[0] == 1
    people.write_text("{", encoding="utf-8")
    assert run_command(*arguments, str(people), "--number", WANG["number"])[0] == 1
