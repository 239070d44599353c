"""Offline codes that were taken here: each opens a visit once, also after a restart."""

from __future__ import annotations

import hashlib

from offline_cache.store import Store

#: seconds a used code is remembered after it ran out: more than a clock can be wrong unnoticed
KEPT_LONGER = 86400.0


class UsedCodes:
    """Hashes of codes' ids (random bytes, nothing of a person), kept until the code has run out by itself."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def known(self, code_id: bytes) -> bool:
        """Whether it was taken."""
        return bool(self._store.db.table("used_codes").count_where("sha256 = ?", [_digest(code_id)]))

    def take(self, code_id: bytes, expires: float, now: float) -> bool:
        """True for the first who takes it; False for everyone after. Raises CacheFull."""
        with self._store.transaction() as db:
            db.table("used_codes").delete_where("expires < ?", [now - KEPT_LONGER])
            if self.known(code_id):
                return False
            db.table("used_codes").insert({"sha256": _digest(code_id), "expires": expires})
        return True


def _digest(code_id: bytes) -> str:
    return hashlib.sha256(code_id).hexdigest()
