"""From the last byte a card's reader sends to the typed reading: ID card on a line, social security card on PC/SC.

The readers are the simulators, programs of their own; both sides read the machine's one monotonic clock.
"""

from __future__ import annotations

import json
import queue
import select
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure
from drivers.id_card import CardRead as IdCardRead
from drivers.id_card import CardRemoved as IdCardRemoved
from drivers.id_card import IdCardReader
from drivers.simulators.control import command
from drivers.smart_card import CardRead, CardRemoved, SmartCardReader

READINGS = 15
# What the terminal may add to what card and line take.
AIM_MS = 5.0
_WITHIN = 30.0
_ROOT = Path(__file__).resolve().parents[1]
_ID_CARD = {
    "name": "李测试", "sex": "男", "nation": "01", "birth": "1990-03-07", "address": "示例省海湾市东门路1号",
    "number": "370299199003070011", "authority": "海湾市公安局", "valid_from": "2016-01-01", "valid_to": "2036-01-01",
}  # fmt: skip
_SOCIAL_SECURITY_CARD = {"kind": "social-security", "number": "11010519491231002X", "name": "赵验甲", "sex": "2"}


@contextmanager
def simulator(name: str, *options: str) -> Iterator[dict[str, Any]]:
    """A running simulator: what it announced."""
    process = subprocess.Popen(
        [sys.executable, "-m", f"drivers.simulators.{name}", "--with-parent", *options],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=_ROOT, text=True,
    )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None
    try:
        if not select.select([process.stdout], [], [], _WITHIN)[0]:
            raise TimeoutError(f"{name} did not start")
        yield json.loads(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(_WITHIN)


def tell(control: str, line: str) -> dict[str, Any]:
    """A simulator's answer to one command. Raises RuntimeError."""
    answer = command(control, line)
    if not answer["ok"]:
        raise RuntimeError(answer["error"])
    return answer


def _readings(
    start: Callable[[Callable[[object], None]], None],
    control: str,
    insert: str,
    read: type[object],
    removed: type[object],
) -> list[float]:
    """Milliseconds from the last byte to the event, for each of READINGS cards."""
    events: queue.Queue[tuple[float, object]] = queue.Queue()
    start(lambda event: events.put((time.monotonic(), event)))

    def wait(kind: type[object]) -> float:
        while True:
            at, event = events.get(timeout=_WITHIN)
            if isinstance(event, kind):
                return at

    taken = []
    for _ in range(READINGS):
        tell(control, insert)
        told = wait(read)
        taken.append((told - tell(control, "state")["answered_at"]) * 1000)
        tell(control, "lift")
        wait(removed)
    return taken


def _id_card(folder: Path) -> list[float]:
    person = folder / "person.json"
    person.write_text(json.dumps(_ID_CARD), encoding="utf-8")
    with simulator("id_card") as said:
        reader = IdCardReader(said["port"])
        try:
            return _readings(reader.start, said["control"], f"place {person}", IdCardRead, IdCardRemoved)
        finally:
            reader.stop()


def _social_security_card(folder: Path) -> list[float]:
    card = folder / "card.json"
    card.write_text(json.dumps(_SOCIAL_SECURITY_CARD), encoding="utf-8")
    with simulator("card_reader") as slot, simulator("smart_card", "--vpcd", slot["vpcd"]) as chip:
        reader = SmartCardReader(socket=slot["socket"])
        try:
            return _readings(reader.start, chip["control"], f"insert {card}", CardRead, CardRemoved)
        finally:
            reader.stop()


def run() -> list[Figure]:
    """Median and slowest of READINGS readings, beside the aim."""
    figures = []
    with tempfile.TemporaryDirectory() as name:
        for what, measure in (("ID card", _id_card), ("social security card", _social_security_card)):
            taken = measure(Path(name))
            figures.append(
                Figure(f"{what}, last byte to reading, median", statistics.median(taken), "aim", AIM_MS, "ms")
            )
            figures.append(Figure(f"{what}, last byte to reading, slowest", max(taken), "aim", AIM_MS, "ms"))
    return figures
