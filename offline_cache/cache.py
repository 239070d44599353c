"""The terminal's memory as one object: what kiosk and the sync agent open."""

from __future__ import annotations

import contextlib
from pathlib import Path

from offline_cache.attempts import Attempts
from offline_cache.audit import AuditLog
from offline_cache.clock import Clock
from offline_cache.errors import StoreDamaged
from offline_cache.facts import Facts
from offline_cache.outbox import Outbox
from offline_cache.paper_tray import PaperTray
from offline_cache.print_ledger import PrintLedger
from offline_cache.quotas import Quotas
from offline_cache.rescue import rescue
from offline_cache.reserve import Reserve
from offline_cache.set_aside import SetAside
from offline_cache.store import Store
from offline_cache.used_codes import UsedCodes
from offline_cache.vault import Vault
from offline_cache.visit_rules import VisitRules
from offline_cache.visits import Visits


class Cache:
    """Everything kept in a terminal's data folder, but the releases (`offline_cache.releases`)."""

    def __init__(self, data: Path, store: Store, vault: Vault, rules: VisitRules) -> None:
        self.data = data
        self.store = store
        self.audit = AuditLog(store)
        self.vault = vault
        self.quotas = Quotas.load(store)
        self.visits = Visits(store, vault, rules, self.quotas.visit)
        self.outbox = Outbox(store)
        self.prints = PrintLedger(store)
        self.facts = Facts(store)
        self.tray = PaperTray(self.facts)
        self.clock = Clock(self.facts)
        self.attempts = Attempts(store, rules.attempts, vault.keyed_hash)
        self.used_codes = UsedCodes(store)
        self.set_aside = SetAside(data, store, vault)
        self._reserve = Reserve(data)

    @classmethod
    def open(cls, data: Path, rules: VisitRules | None = None) -> Cache:
        """Open (or make) the memory in `data`; a damaged one is set aside, and what is readable kept in a new one.

        Raises StoreTooNew, StoreBusy, KeyUnavailable, BadSettings, CacheFull.
        """
        path = data / "store.db"
        try:
            store = Store(path)
        except StoreDamaged:
            rescue(path)
            store = Store(path)
        try:
            vault = Vault(store, data / "keys")
            cache = cls(data, store, vault, rules or VisitRules.load())
            cache.set_aside.judge()
        except BaseException:
            store.close()
            raise
        return cache

    def has_room(self) -> bool:
        """Whether there is room for another visit: on the disk, and within the quotas."""
        return self._reserve.made() and self.quotas.leave_room()

    def tidy(self) -> None:
        """What the sync agent does now and then: remove what is over its quota, and exchange the key.

        Raises CacheFull, KeyUnavailable.
        """
        self.quotas.keep()
        with contextlib.suppress(ValueError):  # a damaged chain stays as it is, for whoever looks into it
            self.audit.prune()
        self.set_aside.remove_old()
        if self.vault.due():
            self.vault.rotate()

    def close(self) -> None:
        """Close the database."""
        self.store.close()
