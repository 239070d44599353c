"""Whoever walked away in the middle of a login is forgotten when the time is up, and a day later the hashes too."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contract.codes import Assurance
from contract.identity import Helper, Person
from contract.logins import IdentityAnswer, SmsRequest
from fleet.data_folder import DataFolder
from fleet.identity.forgetting import forget
from fleet.identity.phone_sessions import DeviceState, Stage
from fleet.platform import Platform
from fleet.saved_sessions import SavedState
from tests.fleet.logins import CHEN_MOBILE, CHEN_NUMBER, StandIn
from tests.fleet.running_platform import make_platform

PERSON = Person(name="陈假设", number=CHEN_NUMBER, mobile=CHEN_MOBILE)
#: Every column that can hold somebody.
SEALED = {
    "one_use_codes": "content",
    "sms_challenges": "person",
    "device_grants": "identity",
    "phone_sessions": "content",
}


@pytest.fixture
def walked_away(tmp_path: Path, sms_gateway: StandIn) -> Iterator[Platform]:
    """A platform in which somebody began every way in and finished none."""
    data = make_platform(tmp_path)
    sms = f'[sms]\nuse = "http"\nurl = "{sms_gateway.url}/messages"\n'
    (data / "connectors.toml").write_text(f'[identity]\nuse = "sample_city"\n{sms}', encoding="utf-8")
    platform = Platform(DataFolder(data))
    platform.citizen_codes.create(PERSON)
    platform.helper_codes.create(Helper(id="BB-001", name="周帮办"))
    assert platform.sms_codes.request(platform.connectors, "T-1", SmsRequest(number=CHEN_NUMBER, mobile=CHEN_MOBILE))
    identity = IdentityAnswer(person=PERSON, assurance=Assurance.LOW, checked_at=datetime.now(UTC))
    waiting = platform.device_grants.waiting(platform.device_grants.begin("T-1", "https://x.invalid/device").user_code)
    assert waiting is not None and platform.device_grants.decide(waiting.device_sha256, identity)
    state = DeviceState(stage=Stage.CONFIRM, grant=waiting.device_sha256, identity=identity)
    platform.device_sessions.write("cookie", state)
    yield platform
    platform.close()


def held(platform: Platform, what: str) -> dict[str, int]:
    """How many rows of each table `what` counts."""
    with sqlite3.connect(platform.folder.database) as database:
        return {
            table: database.execute(f"select count({what.format(column)}) from {table}").fetchone()[0]
            for table, column in SEALED.items()
        }


def test_people_are_forgotten_in_time(walked_away: Platform) -> None:
    everything = {"one_use_codes": 2, "sms_challenges": 1, "device_grants": 1, "phone_sessions": 1}
    now = datetime.now(UTC)
    forget(walked_away.database, now)
    assert held(walked_away, "{}") == everything, "nobody is forgotten too soon"
    forget(walked_away.database, now + timedelta(minutes=11))
    assert held(walked_away, "{}") == dict.fromkeys(SEALED, 0)
    assert held(walked_away, "*") == {**everything, "phone_sessions": 0}
    forget(walked_away.database, now + timedelta(days=2))
    assert held(walked_away, "*") == dict.fromkeys(SEALED, 0)
    with sqlite3.connect(walked_away.folder.database) as database:
        assert database.execute("select count(*) from waits").fetchone() == (0,)


def test_what_is_kept_meanwhile_says_nobody(walked_away: Platform) -> None:
    kept = b"".join(path.read_bytes() for path in walked_away.folder.root.glob("fleet.db*"))
    for secret in ("陈假设", CHEN_NUMBER, CHEN_MOBILE, "周帮办"):
        assert secret.encode() not in kept


def test_a_cookie_opens_the_pages_it_is_of_and_not_for_long(walked_away: Platform) -> None:
    saved = SavedState(stage=Stage.FILL, number=CHEN_NUMBER)
    walked_away.saved_sessions.write("another cookie", saved)
    assert walked_away.saved_sessions.read("another cookie") == saved
    assert walked_away.device_sessions.read("cookie").identity is not None
    assert walked_away.saved_sessions.read("cookie") == SavedState()
    assert walked_away.device_sessions.read("another cookie") == DeviceState()
    for minutes, left in ((11, 1), (31, 0)):
        forget(walked_away.database, datetime.now(UTC) + timedelta(minutes=minutes))
        assert held(walked_away, "*")["phone_sessions"] == left
