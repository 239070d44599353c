"""What a terminal does in a few visits: `python -m tests.chaos.power_workload DATA PROMISES VISITS`.

Each promise is a line of JSON, written once the call that makes it true has returned; a power cut afterwards must leave
it true. The kiosk and the sync agent each have the memory open, as in service.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import sys
from pathlib import Path

from offline_cache import Cache
from tests.fleet.sample_cases import proof_case


def main(data: Path, promises: str, visits: int) -> None:
    """The visits, one after the other; what is delivered is shredded, and the key exchanged."""
    chance = random.Random(visits)
    line = os.open(promises, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def promise(**what: object) -> None:
        os.write(line, json.dumps(what).encode() + b"\n")

    kiosk, agent = Cache.open(data), Cache.open(data)
    for number in range(visits):
        visit, case = kiosk.visits.begin(), proof_case()
        kiosk.visits.save(visit, b"answers " * 40)
        papers = [kiosk.visits.keep_material(visit, chance.randbytes(chance.randint(100, 20_000))) for _ in range(2)]
        kiosk.visits.save(visit, b"more answers " * 60)
        receipt = kiosk.facts.next_receipt_number("A01")
        promise(receipt=receipt)
        kiosk.outbox.put_case(visit, case)
        promise(case=str(case.case_id), visit=visit.id, papers=papers)
        paper = kiosk.prints.plan(visit.id, "certificate", str(case.case_id), once=True)
        kiosk.prints.set(paper, "sent")
        promise(paper=paper, state="sent")
        kiosk.prints.set(paper, "confirmed")
        promise(paper=paper, state="confirmed")
        kiosk.visits.end(visit.id)
        if number % 3 == 1:
            agent.vault.rotate()
            promise(generation=agent.vault.generation(agent.store.db))
        if number % 2:
            [row] = agent.store.db.query("select wrapped_key from visits where id = ?", [visit.id])
            for entry in agent.outbox.due():
                agent.outbox.delivered(entry, agent.visits.open(entry.visit))
                promise(delivered=entry.id)
            if agent.visits.shred_finished():
                promise(shredded=visit.id, wrapped=hashlib.sha256(row["wrapped_key"]).hexdigest(), length=60)
                promise(gone=row["wrapped_key"].hex())
    kiosk.close()
    agent.close()
    promise(closed=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
