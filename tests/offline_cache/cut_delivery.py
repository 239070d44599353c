"""One whole delivery over a line with a fault; and the books afterwards, of both sides."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from contract.cases import Case, MaterialSent
from contract.codes import Satisfaction
from contract.ratings import Rating
from offline_cache import Cache
from offline_cache.errors import Unreachable
from offline_cache.limits import Limits
from offline_cache.platform import Platform
from offline_cache.sync.delivery import Delivery
from tests.fleet.sample_cases import sha256, subsidy_case
from tests.offline_cache.broken_line import BrokenLine, Direction, Fault

#: a line that breaks says so at once; waiting for one that does not is kept short
SHORT = Limits(second_look=0, answer=5.0)
#: rounds of the agent until everything must be there
ROUNDS = 12


@dataclass(frozen=True)
class Sent:
    """What the platform must have afterwards, once."""

    case: Case
    materials: tuple[bytes, ...]
    rating: Rating


class CutDelivery:
    """A terminal that hands over a case with two papers and its rating, again and again, each time another case."""

    def __init__(self, data: Path, pki: Path, target: int) -> None:
        self._cache = Cache.open(data)
        self._pki = pki
        self.line = BrokenLine(target)
        self.sent: list[Sent] = []

    def run(self, fault: Fault, limits: Limits = SHORT) -> bool:
        """Deliver on until it is done; whether the line broke on the way. AssertionError where it is never done."""
        cache, number = self._cache, len(self.sent)
        visit = cache.visits.begin()
        papers = tuple(f"{uuid4()} paper {name}".encode() for name in ("first", "second"))
        for paper in papers:
            cache.visits.keep_material(visit, paper)
        sent = _sent(papers)
        self.sent.append(sent)
        cache.outbox.put_case(visit, sent.case)
        cache.outbox.put_rating(visit, sent.rating)
        cache.visits.end(visit.id)
        self.line.begin(fault)
        # a new agent: its first bytes are those of the TLS handshake
        delivery = Delivery(cache, Platform(f"https://localhost:{self.line.port}", self._pki, limits), limits)
        for _ in range(ROUNDS):
            try:
                delivery.run()
            except Unreachable:
                assert cache.visits.shred_finished() == 0, "shredded before everything was there"
            if cache.outbox.counts() == (0, 0):
                break
            cache.outbox.retry_now()
        assert cache.outbox.counts() == (0, 0), f"case {number} with {fault}: {cache.outbox.counts()}"
        assert cache.visits.shred_finished() == 1
        self.line.let_go()
        return self.line.broke

    def every(self, directions: tuple[Direction, ...], step: int, first: int = 0) -> Iterator[tuple[Fault, str]]:
        """A delivery for every `step`-th byte of the stream there and of that back; each fault, and what went wrong."""
        for direction in directions:
            offset = first
            while True:
                fault = Fault(direction, offset, reset=offset % 2 == 0)
                try:
                    broke = self.run(fault)
                except AssertionError as error:
                    yield fault, str(error)
                else:
                    if not broke:
                        break  # the stream is shorter than that
                    yield fault, ""
                offset += step

    def books(self, platform: Path) -> list[str]:
        """What does not agree on the platform (its data folder) or here; empty when all is well."""
        with sqlite3.connect(platform / "fleet.db", timeout=10) as fleet:
            # no index is made for this question
            notices = Counter(case_id for (case_id,) in fleet.execute("select case_id from notices"))
        wrong = [
            _disagrees(platform, sent) or ("" if notices[str(sent.case.case_id)] == 1 else "not one notice")
            for sent in self.sent
        ]
        db = self._cache.store.db
        for table in ("materials", "answers", "uploads", "case_materials", "drafts"):
            if db.table(table).count:
                wrong.append(f"{table} is not empty")
        if db.table("visits").count_where("wrapped_key is not null"):
            wrong.append("a visit's key is still there")
        if db.table("outbox").count_where("state != 'delivered' or length(sealed) > 0"):
            wrong.append("something is left in the outbox")
        return [each for each in wrong if each]

    def close(self) -> None:
        """The end."""
        self.line.close()
        self._cache.close()


def _sent(papers: tuple[bytes, ...]) -> Sent:
    case = subsidy_case(papers[0])
    second = MaterialSent(
        material_id="photo",
        name="照片",
        media_type="image/jpeg",
        sha256=sha256(papers[1]),
        size=len(papers[1]),
        pages=1,
    )
    case = case.model_copy(update={"materials": [*case.materials, second]})
    rating = Rating(
        rating_id=uuid4(), case_id=case.case_id, task_code=case.task_code, terminal_id=case.terminal_id,
        satisfaction=Satisfaction.GOOD, rated_at=datetime.now(UTC),
    )  # fmt: skip
    return Sent(case, papers, rating)


def _disagrees(platform: Path, sent: Sent) -> str:
    case_id = str(sent.case.case_id)
    with sqlite3.connect(platform / "fleet.db", timeout=10) as db:
        for query, expected in (
            ("select count(*) from cases where id = ? and answer is not null and case_number is not null", 1),
            ("select count(*) from case_events where case_id = ? and kind = 'received'", 1),
            ("select count(*) from ratings where case_id = ?", 1),
            ("select count(*) from materials where case_id = ?", len(sent.materials)),
        ):
            ((found,),) = db.execute(query, [case_id]).fetchall()
            if found != expected:
                return f"{query} {case_id}: {found}"
        ((content,),) = db.execute("select content from cases where id = ?", [case_id]).fetchall()
    if Case.model_validate_json(content) != sent.case:
        return f"case {case_id} is another"
    for material in sent.materials:
        digest = sha256(material)
        if (platform / "materials" / digest[:2] / digest).read_bytes() != material:
            return f"a material of {case_id} is another"
    return ""
