"""Kill -9 at any instant: whatever was acknowledged to a citizen is in the outbox after the restart."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

from contract.cases import Case
from offline_cache import Cache
from tests.offline_cache.test_store import program

KILLS = 24


def test_no_acknowledged_case_is_lost_however_the_terminal_dies(tmp_path: Path) -> None:
    acknowledged = tmp_path / "acknowledged"
    terminal = program("submit", str(tmp_path), str(acknowledged))
    assert terminal.stdin is not None and terminal.stdout is not None
    moment = random.Random(20261121)
    for _ in range(KILLS):
        before = acknowledged.stat().st_size if acknowledged.exists() else 0
        terminal.stdin.write("submit\n")
        terminal.stdin.flush()
        child = int(terminal.stdout.readline())
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and (not acknowledged.exists() or acknowledged.stat().st_size == before):
            time.sleep(0.001)
        time.sleep(moment.uniform(0, 0.03))
        os.kill(child, signal.SIGKILL)
        assert terminal.stdout.readline() == "ended\n"
    terminal.stdin.close()
    assert terminal.wait(10) == 0

    cache = Cache.open(tmp_path)
    entries = {entry.id: entry for entry in cache.outbox.due()}
    promised = [line.split() for line in acknowledged.read_text().splitlines()]
    assert len(promised) >= KILLS
    for case_id, visit_id, digest in promised:
        entry = entries[case_id]
        visit = cache.visits.open(visit_id)
        assert str(Case.model_validate_json(visit.key.open(entry.sealed, entry.id)).case_id) == case_id
        assert len(cache.visits.material(visit, digest)) == 30_000
    assert cache.store.db.execute("pragma integrity_check").fetchone()[0] == "ok"
    # what each kill left half done is ended; visits with a case are kept for delivery
    assert cache.visits.end_abandoned() >= len(promised)
    cache.visits.shred_finished()
    assert len(cache.outbox.due()) == len(entries)
    cache.close()
