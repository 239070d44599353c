"""Databases that were found damaged and set aside, until nothing of them is needed any more.

They hold citizens' data, sealed. With the folder go the keys it is sealed with, so that what a disk keeps of it opens
nothing either.
"""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from contract.terminals import StoreRescue
from offline_cache.durable import remove_overwritten
from offline_cache.errors import Unreadable
from offline_cache.facts import Facts
from offline_cache.rescue import FACT, FOLDER
from offline_cache.store import Store
from offline_cache.vault import Vault

#: days one is kept for whoever tries to read more of it than the rescue could
KEPT_DAYS = 30


@dataclass(frozen=True)
class SetAside:
    """The set-aside databases of one terminal."""

    data: Path
    store: Store
    vault: Vault

    def folders(self) -> list[Path]:
        """The oldest first."""
        folder = self.data / FOLDER
        return sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []

    def judge(self) -> StoreRescue | None:
        """After a rescue: a key of its own for what is in use now, and what became of the undelivered entries.

        None where there was no rescue that is not judged yet. Raises KeyUnavailable, CacheFull.
        """
        facts = Facts(self.store)
        said = facts.ask(FACT)
        if said is None or "kept" in said:
            return None
        self.vault.rotate()
        kept = lost = 0
        for row in self.store.db.query(
            "select outbox.id, sealed, visit, wrapped_key, kek from outbox left join visits on visits.id = visit"
            " where state != 'delivered'"
        ):
            try:
                if not row["wrapped_key"]:
                    raise Unreadable("its visit is not there")
                self.vault.unwrap(row["wrapped_key"], row["visit"], row["kek"]).open(row["sealed"], row["id"])
                kept += 1
            except Unreadable:
                lost += 1
        lost += self._without_entry()
        facts.tell(FACT, {**said, "kept": kept, "lost": lost})
        return self.last()

    def last(self) -> StoreRescue | None:
        """The last rescue, while its folder is there."""
        said = Facts(self.store).ask(FACT)
        if said is None or "kept" not in said or not (self.data / FOLDER / said["folder"]).is_dir():
            return None
        return StoreRescue(at=said["at"], kept=said["kept"], lost=said["lost"])

    def remove_old(self, now: float | None = None) -> int:
        """Remove those nobody needs: all was rescued and delivered, or their days are over; how many."""
        removed = 0
        for folder in self.folders():
            age = (now or time.time()) - folder.stat().st_mtime
            if age > KEPT_DAYS * 86400 or self._delivered(folder.name):
                self.remove(folder.name)
                removed += 1
        return removed

    def remove(self, name: str) -> None:
        """One, with its keys. Raises KeyUnavailable, CacheFull."""
        folder = self.data / FOLDER / name
        for path in folder.iterdir() if folder.is_dir() else ():
            remove_overwritten(path)
        shutil.rmtree(folder, ignore_errors=True)
        with self.store.transaction() as db:
            db.table("set_aside_keys").delete_where("folder = ?", [name])
        self.vault.destroy_unused()

    def _without_entry(self) -> int:
        """Visits that owe the platform something that was not found: ended, or with a receipt, and not shredded."""
        [(count,)] = self.store.db.execute(
            "select count(*) from visits where wrapped_key is not null"
            " and id not in (select visit from outbox)"
            " and (ended_at is not null or id in (select visit from prints where kind = 'receipt'))"
        ).fetchall()
        return int(count)

    def _delivered(self, name: str) -> bool:
        said = Facts(self.store).ask(FACT) or {}
        if said.get("folder") != name or said.get("lost", 1):
            return False
        owed = "select 1 from outbox where state != 'delivered' and created_at <= ? limit 1"
        moment = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(said["at"]))
        return not list(self.store.db.query(owed, [moment]))
