"""What the demonstration found: each step with its duration, each check with what was found."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from demo.programs import Failed


@dataclass
class Report:
    """Written to `path` after every step, so that a crash leaves what was known."""

    path: Path
    steps: list[dict[str, Any]] = field(default_factory=list)
    checks: list[dict[str, Any]] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """One step of a visit. A failure inside is recorded with the step's name and goes on up."""
        start = time.monotonic()
        entry: dict[str, Any] = {"step": name, "ok": False}
        self.steps.append(entry)
        try:
            yield
            entry["ok"] = True
        except Failed as error:
            entry["failed"] = str(error)
            raise
        finally:
            entry["seconds"] = round(time.monotonic() - start, 2)
            print(f"{'✓' if entry['ok'] else '✗'} {name}  {entry['seconds']:.1f} s", file=sys.stderr, flush=True)
            self.write()

    def check(self, name: str, ok: bool, found: Any) -> None:
        """One fact looked up from outside the terminal."""
        self.checks.append({"check": name, "ok": bool(ok), "found": found})
        print(f"{'✓' if ok else '✗'} {name}: {_short(found)}", file=sys.stderr, flush=True)

    @property
    def ok(self) -> bool:
        """Whether every step and every check is true."""
        return bool(self.checks) and all(entry["ok"] for entry in self.steps + self.checks)

    def write(self) -> None:
        """Write report.json."""
        content = {
            "ok": self.ok,
            "seconds": round(time.monotonic() - self.began, 1),
            "steps": self.steps,
            "checks": self.checks,
        }
        self.path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _short(found: Any) -> str:
    text = json.dumps(found, ensure_ascii=False)
    return text if len(text) <= 160 else text[:157] + "…"
