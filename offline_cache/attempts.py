"""Attempts that failed, and how long the next one has to wait. They outlive a restart and a clock set back."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable, Mapping

from offline_cache.errors import CacheFull
from offline_cache.store import Store
from offline_cache.visit_rules import AttemptRules


class Attempts:
    """Counted by kind and, where the rule says so, by person: as a keyed hash, which nobody can guess back.

    `keyed_hash` is the vault's; `clock` tells seconds since 1970.
    """

    def __init__(
        self,
        store: Store,
        rules: Mapping[str, AttemptRules],
        keyed_hash: Callable[[str], str],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._rules = rules
        self._keyed_hash = keyed_hash
        self._clock = clock

    def wait(self, kind: str, person: str = "") -> int:
        """Seconds the next attempt has to wait; 0 for none. `person` is an ID number, or what else is theirs alone.

        Pages ask this while they are drawn: it never raises CacheFull.
        """
        now = self._clock()
        for row in self._store.db.table("attempts").rows_where("name = ?", [self._name(kind, person)]):
            wait = row["until"] - row["failed_at"]
            if now < row["failed_at"]:
                # the clock was set back: the wait begins anew, no longer than it was; on a full disk, each time
                with contextlib.suppress(CacheFull), self._store.transaction() as db:
                    db.table("attempts").update(row["name"], {"failed_at": now, "until": now + wait})
                return math.ceil(wait)
            return max(0, math.ceil(row["until"] - now))
        return 0

    def failed(self, kind: str, person: str = "") -> int:
        """One more has failed; seconds to wait now. Raises CacheFull."""
        rule, name, now = self._rules[kind], self._name(kind, person), self._clock()
        with self._store.transaction() as db:
            row = next(db.table("attempts").rows_where("name = ?", [name]), None)
            fresh = row is None or now - row["failed_at"] > rule.forgotten
            count = 1 if fresh or row is None else row["count"] + 1
            wait = rule.waits[min(count, len(rule.waits)) - 1]
            db.table("attempts").upsert(
                {"name": name, "count": count, "failed_at": now, "until": now + wait}, pk="name"
            )
        return wait

    def succeeded(self, kind: str, person: str = "") -> None:
        """It worked: what failed before is forgotten. Raises CacheFull."""
        with self._store.transaction() as db:
            db.table("attempts").delete_where("name = ?", [self._name(kind, person)])

    def forget_old(self) -> None:
        """Remove what no longer counts. Raises CacheFull."""
        longest = max(rule.forgotten for rule in self._rules.values())
        with self._store.transaction() as db:
            db.table("attempts").delete_where("failed_at < ?", [self._clock() - longest])

    def _name(self, kind: str, person: str) -> str:
        """Raises KeyError for a kind that has no rule."""
        return f"{kind} {self._keyed_hash(person)}" if self._rules[kind].per == "person" and person else kind
