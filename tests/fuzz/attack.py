"""The attack on one codec: `python -m tests.fuzz.attack CODEC [libFuzzer options]`, started by tests.fuzz."""

from __future__ import annotations

import contextlib
import importlib
import resource
import sys
import time
from pathlib import Path

import atheris

#: whose branches lead the attack
_ATTACKED = ["drivers", "contract.cbor", "kiosk.cose", "kiosk.identity", "kiosk.forms", "base45"]
_PAGE_MB = resource.getpagesize() / 1024 / 1024
# The corpus, the coverage tables and Python's own caches have grown by then: inputs, or seconds for a slow codec.
SETTLED_AFTER = 20_000
SETTLED_WITHIN = 5.0
# libFuzzer ends the process without Python's own end, so the memory is told now and then.
TELL_EVERY = 1.0


def _resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_MB


class Attack:
    """Counts the inputs and watches the memory."""

    def __init__(self, codec: str) -> None:
        with atheris.instrument_imports(include=_ATTACKED, enable_loader_override=False):
            module = importlib.import_module(f"tests.fuzz.{codec}")
        self.one_input, self.declared, self.seeds = module.one_input, module.DECLARED, module.SEEDS
        self.count = 0
        self.settled = self.tell_at = 0.0
        self.began = time.monotonic()

    def __call__(self, data: bytes) -> None:
        self.count += 1
        if self.count % 500 == 0:
            self._watch_memory()
        with contextlib.suppress(self.declared):
            self.one_input(data)

    def _watch_memory(self) -> None:
        if not self.settled and (self.count >= SETTLED_AFTER or time.monotonic() - self.began > SETTLED_WITHIN):
            self.settled = _resident_mb()
        if self.settled and time.monotonic() > self.tell_at:
            self.tell_at = time.monotonic() + TELL_EVERY
            print(f"memory growth: {_resident_mb() - self.settled:.0f} MB", flush=True)


def main() -> None:
    """Attack until the time is over."""
    attack = Attack(sys.argv[1])
    folder = Path(sys.argv[-1])
    for number, seed in enumerate(attack.seeds):
        (folder / f"seed-{number}").write_bytes(seed)
    atheris.Setup([sys.argv[0], *sys.argv[2:]], attack)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
