"""`python -m tests.chaos.network`: a delivery cut at every byte, there and back, to a real platform; then the books.

Each delivery is a case with two papers and its rating, over a new TLS connection, and is carried on after the cut until
it is done. Afterwards the platform must have each case once with every paper byte for byte and one rating, and the
terminal nothing. Exit 0 when all agrees.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.fleet.running_platform import RunningPlatform, TestTerminal, running
from tests.offline_cache.cut_delivery import CutDelivery

#: memory, where there is any: the disk's fsync is not what is tried here
MEMORY = Path("/dev/shm")


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.network", description=__doc__)
    parser.add_argument("--step", type=int, default=1, help="only every so many bytes")
    parser.add_argument("--workers", type=int, default=2, help="terminals at the same time")
    options = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
    began = time.monotonic()
    try:
        with _platform(folder) as platform:
            TestTerminal(platform, "T-1", folder / "pki")
            found = _cut_everywhere(platform, folder, options.step, options.workers)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    count, wrong = sum(each[0] for each in found), [line for each in found for line in each[1]]
    print(*wrong, sep="\n", end="\n" if wrong else "")
    seconds = time.monotonic() - began
    print(f"network: {count} cuts (every {options.step} bytes, there and back), {len(wrong)} failures, {seconds:.0f} s")
    return 1 if wrong or not count else 0


def _cut_everywhere(platform: RunningPlatform, folder: Path, step: int, workers: int) -> list[tuple[int, list[str]]]:
    port = int(platform.url.rpartition(":")[2])
    with ProcessPoolExecutor(workers) as pool:
        jobs = [pool.submit(_cut, folder, platform.data, port, step * workers, step * nth) for nth in range(workers)]
        return [job.result() for job in jobs]


def _cut(folder: Path, platform: Path, port: int, step: int, first: int) -> tuple[int, list[str]]:
    """One terminal's share: how many cuts, and what went wrong."""
    data = folder / f"terminal {first}"
    data.mkdir()
    terminal, count, wrong = CutDelivery(data, folder / "pki", port), 0, []
    for fault, problem in terminal.every(("there", "back"), step, first):
        count += 1
        if problem:
            wrong.append(problem)
        if count % 1000 == 0:
            print(f"… {count} cuts, now {fault.direction} at byte {fault.offset}", file=sys.stderr, flush=True)
    wrong += terminal.books(platform)
    terminal.close()
    return count, wrong


@contextmanager
def _platform(folder: Path) -> Iterator[RunningPlatform]:
    (folder / "fleet").mkdir()
    yield from running(folder / "fleet")


if __name__ == "__main__":
    sys.exit(main())
