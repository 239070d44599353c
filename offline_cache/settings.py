"""terminal.toml: what provisioning wrote about this terminal, and where its platform is."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from contract.model import Words
from offline_cache.visit_rules import VisitRules


@dataclass(frozen=True)
class Settings:
    """One terminal's settings. `heartbeat` and `refresh` are seconds between heartbeats and looks for a release."""

    id: str
    label: str
    hall: Words
    place: str
    phone: str
    fleet_url: str
    heartbeat: float = 60.0
    refresh: float = 300.0
    rules: VisitRules = field(default_factory=VisitRules.load)
    #: code of the division it stands in (GB/T 2260), "" where provisioning did not say
    division: str = ""
    #: scanned pages are read (OCR): a text layer in the PDF, answers to offer in the form
    reads_papers: bool = True
    #: "module:attribute" of a certified part for the face check; "" for this project's own
    face_part: str = ""

    @classmethod
    def load(cls, data: Path) -> Settings:
        """Read `data`/terminal.toml. Raises FileNotFoundError where the terminal was never enrolled, BadSettings."""
        tables = tomllib.loads((data / "terminal.toml").read_text("utf-8"))
        terminal, fleet, sync = tables["terminal"], tables["fleet"], tables.get("sync", {})
        return cls(
            id=terminal["id"],
            label=terminal["label"],
            hall=Words(zh=terminal["hall_zh"], en=terminal.get("hall_en", "")),
            place=terminal.get("place", ""),
            phone=terminal.get("phone", ""),
            fleet_url=fleet["url"],
            heartbeat=float(sync.get("heartbeat", 60.0)),
            refresh=float(sync.get("refresh", 300.0)),
            rules=VisitRules.load(tables.get("visit")),
            division=str(terminal.get("division", "")),
            reads_papers=bool(tables.get("documents", {}).get("read", True)),
            face_part=tables.get("face", {}).get("part", ""),
        )
