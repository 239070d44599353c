"""What a terminal's processes do to its memory: `python -m tests.offline_cache.terminal_programs`.

count DATA NAME TIMES   tell facts and take receipt numbers, one after the other
open DATA               open the memory when a line comes in, and say the terminal's wrapping key's fingerprint
submit DATA ACKS        for each line that comes in, a child that submits cases until it is killed
"""

from __future__ import annotations

import hashlib
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from contract.cases import Case
from contract.codes import LoginWay
from contract.identity import Person
from offline_cache import Cache


def count(data: str, name: str, times: str) -> None:
    """Write as fast as possible; print each receipt number."""
    cache = Cache.open(Path(data))
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(int(times)):
        cache.facts.tell(f"{name} {number}", number)
        print(cache.facts.next_receipt_number("A01"))
    cache.close()


def open_memory(data: str) -> None:
    """Open when told to, together with others."""
    print("ready", flush=True)
    sys.stdin.readline()
    cache = Cache.open(Path(data))
    cache.visits.begin()
    cache.close()
    print(hashlib.sha256((Path(data) / "keys" / "development.kek").read_bytes()).hexdigest())


def submit(data: str, acknowledged: str) -> None:
    """One child a line; the child's process id goes out."""
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            _submit_for_ever(Path(data), acknowledged)
        print(child, flush=True)
        os.waitpid(child, 0)
        print("ended", flush=True)


def _submit_for_ever(data: Path, acknowledged: str) -> None:
    cache = Cache.open(data)
    receipts = os.open(acknowledged, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    while True:
        visit = cache.visits.begin()
        cache.visits.save(visit, b"draft")
        paper = os.urandom(30_000)
        digest = cache.visits.keep_material(visit, paper)
        case = Case(
            case_id=uuid4(),
            receipt_number="A01-1121-0001",
            terminal_id="T-1",
            task_code="proof",
            item_name="参保证明打印",
            release_version=1,
            login=LoginWay.ID_CARD,
            applicant=Person(name="李样本", number="370299198506070018"),
            submitted_at=datetime.now(UTC),
        )
        cache.outbox.put_case(visit, case)
        os.write(receipts, f"{case.case_id} {visit.id} {digest}\n".encode())


if __name__ == "__main__":
    {"count": count, "open": open_memory, "submit": submit}[sys.argv[1]](*sys.argv[2:])
