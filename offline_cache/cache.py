"""The terminal's memory as one object: what kiosk and the sync agent open."""

from __future__ import annotations

import shutil
from pathlib import Path

from offline_cache.attempts import Attempts
from offline_cache.clock import Clock
from offline_cache.facts import Facts
from offline_cache.outbox import Outbox
from offline_cache.paper_tray import PaperTray
from offline_cache.print_ledger import PrintLedger
from offline_cache.store import Store
from offline_cache.used_codes import UsedCodes
from offline_cache.vault import Vault
from offline_cache.visit_rules import VisitRules
from offline_cache.visits import Visits

#: a visit needs about 20 MB at most (scans, drafts, WAL); below this no new one begins
ROOM_FOR_A_VISIT = 64_000_000


class Cache:
    """Everything kept in a terminal's data folder, but the releases (`offline_cache.releases`)."""

    def __init__(self, data: Path, store: Store, vault: Vault, rules: VisitRules) -> None:
        self.data = data
        self.store = store
        self.visits = Visits(store, vault, rules)
        self.outbox = Outbox(store)
        self.prints = PrintLedger(store)
        self.facts = Facts(store)
        self.tray = PaperTray(self.facts)
        self.clock = Clock(self.facts)
        self.attempts = Attempts(store, rules.attempts, vault.keyed_hash)
        self.used_codes = UsedCodes(store)

    @classmethod
    def open(cls, data: Path, rules: VisitRules | None = None) -> Cache:
        """Open (or make) the memory in `data`. Raises StoreTooNew, CacheFull."""
        return cls(data, Store(data / "store.db"), Vault(data / "keys"), rules or VisitRules.load())

    def has_room(self) -> bool:
        """Whether the disk has room for another visit."""
        return shutil.disk_usage(self.data).free >= ROOM_FOR_A_VISIT

    def close(self) -> None:
        """Close the database."""
        self.store.close()
