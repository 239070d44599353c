"""What terminals save at the platform: handed to its holder only, replaced, refused, run out, and shredded."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
import requests

from contract.saved_codes import SavedKey, new_code
from contract.saving import LARGEST, SavedKept, SavedOpened, SavedPut, SavedRefusal
from fleet.data_folder import DataFolder
from fleet.identity.forgetting import forget
from fleet.platform import Platform
from tests.fleet.logins import CHEN_NUMBER, LI_NUMBER
from tests.fleet.running_platform import RunningPlatform, TestTerminal
from tests.fleet.sample_cases import proof_case

pytestmark = pytest.mark.usefixtures("patient")
PLAIN = "陈假设的申请".encode()


def put(terminal: TestTerminal, key: SavedKey, number: str, content: bytes = PLAIN) -> SavedKept:
    said = terminal.put(f"saved/{key.lookup}", SavedPut(number=number, sealed=key.seal(content, number)))
    assert said.status_code == 200, said.text
    return SavedKept.model_validate_json(said.content)


def ask(terminal: TestTerminal, lookup: str, number: str) -> SavedOpened:
    said = terminal.call("POST", f"saved/{lookup}/open", json={"number": number})
    assert said.status_code == 200, said.text
    return SavedOpened.model_validate_json(said.content)


@pytest.fixture
def key() -> SavedKey:
    return SavedKey.of(new_code())


def rows(platform: RunningPlatform, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(platform.data / "fleet.db", timeout=20)) as database:
        found = database.execute(statement).fetchall()
        database.commit()
    return found


def test_kept_for_seven_days_and_handed_out_at_another_terminal(
    terminal: TestTerminal, second: TestTerminal, platform: RunningPlatform, key: SavedKey
) -> None:
    kept = put(terminal, key, CHEN_NUMBER)
    assert kept.expires_at is not None
    assert abs(kept.expires_at - datetime.now(UTC) - timedelta(days=7)) < timedelta(minutes=5)
    assert kept.page == f"{platform.url}/saved"
    for _ in range(2):  # opening does not take it away
        opened = ask(second, key.lookup, CHEN_NUMBER)
        assert opened.sealed is not None and key.open(opened.sealed, CHEN_NUMBER) == PLAIN
    assert put(second, key, CHEN_NUMBER, b"more").refused is None
    replaced = ask(terminal, key.lookup, CHEN_NUMBER).sealed
    assert replaced is not None and key.open(replaced, CHEN_NUMBER) == b"more"


def test_somebody_else_gets_and_replaces_nothing(terminal: TestTerminal, key: SavedKey) -> None:
    put(terminal, key, CHEN_NUMBER)
    assert ask(terminal, key.lookup, LI_NUMBER).refused is SavedRefusal.OTHER_PERSON
    assert put(terminal, key, LI_NUMBER).refused is SavedRefusal.OTHER_PERSON
    assert ask(terminal, key.lookup, CHEN_NUMBER).sealed is not None


def test_guessing_waits(terminal: TestTerminal, platform: RunningPlatform, key: SavedKey) -> None:
    put(terminal, key, CHEN_NUMBER)
    said = [ask(terminal, f"{n:032x}", CHEN_NUMBER) for n in range(8)]
    assert [one.refused for one in said[:5]] == [SavedRefusal.UNKNOWN] * 5
    assert said[-1].refused is SavedRefusal.TOO_MANY and 0 < said[-1].again_in <= 30
    assert ask(terminal, key.lookup, CHEN_NUMBER).sealed is None, "the right code waits too"
    assert ask(terminal, key.lookup, LI_NUMBER).refused is SavedRefusal.OTHER_PERSON, "nobody else waits for it"


def test_saving_without_end_waits(terminal: TestTerminal, key: SavedKey) -> None:
    kept = [put(terminal, key, LI_NUMBER).refused for _ in range(22)]
    assert kept[0] is None and kept[-1] is SavedRefusal.TOO_MANY


def test_the_database_says_nothing(terminal: TestTerminal, platform: RunningPlatform) -> None:
    code = new_code()
    key = SavedKey.of(code)
    put(terminal, key, CHEN_NUMBER)
    table = repr(rows(platform, "select lookup_sha256, holder, hex(sealed) from saved_applications"))
    for secret in (code, key.lookup, CHEN_NUMBER, PLAIN.hex().upper()):
        assert secret not in table


def test_it_is_shredded_when_it_runs_out(terminal: TestTerminal, platform: RunningPlatform, key: SavedKey) -> None:
    put(terminal, key, CHEN_NUMBER)
    rows(platform, "update saved_applications set expires_at = datetime('now', '-1 hour') || '.000000'")
    assert ask(terminal, key.lookup, CHEN_NUMBER).refused is SavedRefusal.EXPIRED
    opened = Platform(DataFolder(platform.data))
    forget(opened.database, datetime.now(UTC))
    assert rows(platform, "select count(*) from saved_applications where sealed is not null") == [(0,)]
    assert ask(terminal, key.lookup, CHEN_NUMBER).refused is SavedRefusal.EXPIRED
    forget(opened.database, datetime.now(UTC) + timedelta(days=2))
    opened.close()
    assert ask(terminal, key.lookup, CHEN_NUMBER).refused is SavedRefusal.UNKNOWN


def test_the_case_that_finishes_it_shreds_it(terminal: TestTerminal, platform: RunningPlatform, key: SavedKey) -> None:
    put(terminal, key, LI_NUMBER)
    other = SavedKey.of(new_code())
    put(terminal, other, CHEN_NUMBER)
    for lookup in (other.lookup, key.lookup):  # of the first one the applicant is not the holder
        case = proof_case(terminal.terminal_id, continues=lookup)
        assert case.applicant.number == LI_NUMBER
        said = terminal.put(f"cases/{case.case_id}", case)
        assert said.status_code == 200 and said.json()["case_number"], said.text
    assert ask(terminal, key.lookup, LI_NUMBER).refused is SavedRefusal.SUBMITTED
    assert put(terminal, key, LI_NUMBER).refused is SavedRefusal.SUBMITTED
    assert ask(terminal, other.lookup, CHEN_NUMBER).sealed is not None


def test_what_is_not_of_the_contract_is_refused(terminal: TestTerminal, key: SavedKey) -> None:
    for lookup in ("x" * 32, key.lookup.upper(), key.lookup + "0"):
        assert terminal.call("POST", f"saved/{lookup}/open", json={"number": CHEN_NUMBER}).status_code == 422
    long = SavedPut.model_construct(number=CHEN_NUMBER, sealed=bytes(LARGEST + 1))
    assert terminal.put(f"saved/{key.lookup}", long).status_code == 422


def test_without_a_certificate_nothing_is_asked(platform: RunningPlatform, terminal: TestTerminal) -> None:
    said = requests.post(
        f"{platform.url}/api/v1/saved/{'0' * 32}/open", json={"number": CHEN_NUMBER}, verify=platform.ca, timeout=20
    )
    assert said.status_code == 403


def test_where_nothing_is_saved(terminal: TestTerminal, platform: RunningPlatform, key: SavedKey) -> None:
    profile = "update terminals set profile = json_set(profile, '$.site.saved_days', {}) where id = 'T-1'"
    rows(platform, profile.format(0))
    try:
        body = SavedPut(number=CHEN_NUMBER, sealed=key.seal(PLAIN, CHEN_NUMBER))
        assert terminal.put(f"saved/{key.lookup}", body).status_code == 403
    finally:
        rows(platform, profile.format(7))
