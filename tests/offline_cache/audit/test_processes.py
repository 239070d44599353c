"""Two programs add lines at once, and one is killed in the middle: the chain stays whole."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from offline_cache import Cache
from offline_cache.audit.verify import broken, read_database

WRITER = """
import sys
from pathlib import Path
from offline_cache import Cache
cache = Cache.open(Path(sys.argv[1]))
print("ready", flush=True)
for _ in range(int(sys.argv[2])):
    visit = cache.visits.begin()
    print(visit.id, flush=True)
    cache.visits.end(visit.id, "leave")
cache.close()
"""


def writer(data: Path, visits: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(data), str(visits)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def test_two_programs_add_lines_at_once(tmp_path: Path) -> None:
    Cache.open(tmp_path).close()
    programs = [writer(tmp_path, 100), writer(tmp_path, 100)]
    for program in programs:
        program.communicate(timeout=120)
        assert program.returncode == 0
    log = read_database(tmp_path / "store.db")
    assert broken(log) is None
    assert len(log.rows) == 1 + 2 * 200


def test_a_program_killed_in_the_middle_leaves_a_whole_chain_that_tells_all_that_stands(tmp_path: Path) -> None:
    chance = random.Random(3)
    began: set[str] = set()
    for _ in range(12):
        program = writer(tmp_path, 100_000)
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.01, 0.2))
        program.send_signal(signal.SIGKILL)
        began |= set(program.stdout.read().split("\n")[:-1])
        program.wait(10)
        log = read_database(tmp_path / "store.db")
        assert broken(log) is None
        told = {row["fields"][10:46] for row in log.rows if row["event"] == "visit.began"}
        assert began <= told
    cache = Cache.open(tmp_path)
    # a visit stands exactly where the log tells that it began
    assert {row["id"] for row in cache.store.db.query("select id from visits")} == told
    cache.close()
