"""Codes by SMS: six digits to the mobile number that is registered with an ID number.

Nobody learns from the answer, nor from how long it takes, whether two numbers belong together: both ways a challenge
is made, and the message itself is sent after the answer.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from contract.codes import Assurance
from contract.identity import Person
from contract.logins import IdentityAnswer, Refusal, SmsCheck, SmsRequest, SmsSent
from fleet.connectors.connected import Connected
from fleet.database import Database
from fleet.errors import ServiceUnavailable
from fleet.identity.forgetting import forget
from fleet.identity.sealing import Seal, plain_hash
from fleet.identity.waits import Patience, count_once, seconds_left
from fleet.tables import SmsChallenge

LIFETIME = timedelta(minutes=5)
TRIES = 3
#: For an ID number with a mobile number: whoever knows one of the two shuts nobody out, and learns nothing.
#: 84 guesses in a day at the most, of a million codes: 3 tries each, and a wait of an hour from the seventh code on.
PER_NUMBER = Patience(free=0, first=60, most=3600, memory=24 * 3600)
#: A terminal serves many people: twenty codes in ten minutes are a busy morning, not an attack.
PER_PLACE = Patience(free=20, first=30, most=600, memory=600)

TEXT = "【政务服务自助终端】验证码 {code}，5 分钟内有效，只用于本人登录。不要告诉任何人，包括工作人员。"


@dataclass(frozen=True)
class SmsOrder:
    """What is answered at once, and what is to be done afterwards (None: nothing)."""

    answer: SmsSent
    send: Callable[[], None] | None = None


class SmsCodes:
    """Challenges, kept as hashes."""

    def __init__(self, database: Database, seal: Seal) -> None:
        self._database, self._seal = database, seal

    def request(self, connectors: Connected, asked_by: str, request: SmsRequest, place: str = "") -> SmsOrder:
        """A challenge for whoever typed these two numbers.

        `asked_by` is the terminal or the phone's session; waits are by `place`, where that is another.
        """
        place = place or asked_by
        number, mobile = request.number.strip().upper(), request.mobile.strip()
        now = datetime.now(UTC)
        forget(self._database, now)
        person = None
        left, again_in = self._count(f"{number} {mobile}", place, now, only_look=True)
        if not left:
            try:
                connectors.sms_ready()
                person = connectors.person(number, mobile)
            except ServiceUnavailable:
                return SmsOrder(SmsSent(refused=Refusal.UNAVAILABLE))
            left, again_in = self._count(f"{number} {mobile}", place, now)
        if left:
            return SmsOrder(SmsSent(again_in=left, refused=Refusal.TOO_MANY))
        code, challenge = f"{secrets.randbelow(1_000_000):06d}", secrets.token_urlsafe(24)
        self._keep(challenge, asked_by, code, person, now)
        answer = SmsSent(challenge=challenge, expires_in=int(LIFETIME.total_seconds()), again_in=again_in)
        if person is None:
            return SmsOrder(answer)
        return SmsOrder(answer, lambda: connectors.send_sms(mobile, TEXT.format(code=code)))

    def check(self, asked_by: str, check: SmsCheck) -> IdentityAnswer:
        """The person, once; or UNKNOWN, USED, EXPIRED, WRONG_CODE, and TOO_MANY from the third wrong code on."""
        now = datetime.now(UTC)

        def refuse(why: Refusal) -> IdentityAnswer:
            return IdentityAnswer(refused=why, checked_at=now)

        with self._database.writing() as session:
            row = session.get(SmsChallenge, plain_hash(check.challenge), with_for_update=True)
            if row is None or row.asked_by != self._asked_by(asked_by):
                return refuse(Refusal.UNKNOWN)
            if row.used_at is not None:
                return refuse(Refusal.USED)
            if row.tries >= TRIES:
                return refuse(Refusal.TOO_MANY)
            if row.expires_at <= now:
                row.person = None
                return refuse(Refusal.EXPIRED)
            row.tries += 1
            right = secrets.compare_digest(row.code_hash, self._code_hash(check.challenge, check.code))
            if row.person is None or not right:
                if row.tries >= TRIES:
                    row.person = None
                    return refuse(Refusal.TOO_MANY)
                return refuse(Refusal.WRONG_CODE)
            person = Person.model_validate_json(self._seal.open(row.person))
            row.person, row.used_at = None, now
        return IdentityAnswer(person=person, assurance=Assurance.LOW, checked_at=now)

    def _count(self, numbers: str, place: str, now: datetime, only_look: bool = False) -> tuple[int, int]:
        """Seconds still to wait and, when that is 0, seconds to wait the next time."""
        of_number = self._seal.keyed_hash("sms number", numbers)
        of_place = self._seal.keyed_hash("sms place", place)
        with self._database.writing() as session:
            left = max(seconds_left(session, key, now) for key in (of_number, of_place))
            if left or only_look:
                return left, 0
            after = [count_once(session, of_number, PER_NUMBER, now), count_once(session, of_place, PER_PLACE, now)]
            return 0, max(after)

    def _keep(self, challenge: str, asked_by: str, code: str, person: Person | None, now: datetime) -> None:
        row = SmsChallenge(
            sha256=plain_hash(challenge),
            asked_by=self._asked_by(asked_by),
            code_hash=self._code_hash(challenge, code),
            person=self._seal.close(person.model_dump_json()) if person else None,
            tries=0,
            expires_at=now + LIFETIME,
        )
        with self._database.writing() as session:
            session.add(row)

    def _code_hash(self, challenge: str, code: str) -> str:
        return self._seal.keyed_hash("sms code", f"{challenge} {code}")

    def _asked_by(self, asked_by: str) -> str:
        return self._seal.keyed_hash("sms asked by", asked_by)
