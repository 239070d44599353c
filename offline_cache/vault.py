"""Envelope encryption (AES-256-GCM): one data key a visit, wrapped by the terminal's key-encryption key.

Shredding the wrapped key makes everything of that visit unreadable at once. The key-encryption key is exchanged every
day (`rotate`) and the old one destroyed: what a file system or a flash disk keeps of a shredded wrapped key, deleted
but not overwritten, opens nothing from then on.
"""

from __future__ import annotations

import hmac
import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlite_utils import Database

from offline_cache.audit import Event, note
from offline_cache.errors import KeyGone, Unreadable
from offline_cache.key_holders import KeyHolder, holder_for_new, holder_named
from offline_cache.store import Store

log = logging.getLogger(__name__)

#: GCM's recommended nonce, NIST SP 800-38D 5.2.1.1
NONCE_BYTES = 12
#: how long a key-encryption key is in use
ROTATED_AFTER = timedelta(days=1)
#: the secret that ID numbers are hashed with (`keyed_hash`)
HASHING = "hashing"


class DataKey:
    """The key of one visit. `seal` and `open` bind each record to its name."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, plain: bytes, name: str) -> bytes:
        """`plain` encrypted; opens only under the same `name`."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, name.encode())

    def open(self, sealed: bytes, name: str) -> bytes:
        """The plain bytes. Raises Unreadable."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], name.encode())
        except (InvalidTag, ValueError):  # ValueError: cut shorter than its nonce
            raise Unreadable("a sealed record does not open") from None

    def __repr__(self) -> str:
        return "DataKey(…)"


class Vault:
    """Makes and unwraps data keys. Key-encryption keys are known by generation; the newest wraps what is new."""

    def __init__(self, store: Store, folder: Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Raises KeyUnavailable, BadSettings, CacheFull. Where the key is gone, a new one begins; what the old one
        wrapped is lost, and said so.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._store, self._folder, self._clock = store, folder, clock
        self._wrapping: dict[int, DataKey] = {}
        self.gone = False
        with store.transaction() as db:
            if not db.table("key_generations").count:
                self._begin(db, 1)
        try:
            self._key(self.generation(store.db))
        except KeyGone as error:
            log.critical("the key-encryption key is gone: what it wrapped is lost (%s)", error)
            self.gone = True
            with store.transaction() as db:
                self._begin(db, self.generation(db) + 1)
        self._hashing = self._secret(HASHING)
        if not self.for_service:
            log.warning("the key-encryption key is a file: for development only")

    @property
    def holder(self) -> str:
        """Who holds the key in use: tpm, systemd-creds or development."""
        [row] = self._store.db.query(
            "select holder from key_generations where generation = ?", [self.generation(self._store.db)]
        )
        return str(row["holder"])

    @property
    def for_service(self) -> bool:
        """Whether the key in use is held well enough for citizens' data."""
        return holder_named(self.holder, self._folder).for_service

    @staticmethod
    def generation(db: Database) -> int:
        """The generation in use."""
        return int(db.execute("select max(generation) from key_generations").fetchone()[0] or 0)

    def keyed_hash(self, text: str) -> str:
        """The same for the same text on this terminal, and meaningless to whoever has not its key."""
        return hmac.new(self._hashing, text.encode(), "sha256").hexdigest()

    def new_key(self, visit: str, db: Database) -> tuple[DataKey, bytes, int]:
        """A fresh data key, the same key wrapped for keeping, and the generation it is wrapped with.

        In the transaction that keeps it: otherwise the generation may be destroyed before.
        """
        key, generation = os.urandom(32), self.generation(db)
        return DataKey(key), self._key(generation).seal(key, visit), generation

    def unwrap(self, wrapped: bytes, visit: str, generation: int) -> DataKey:
        """The data key again. Raises Unreadable, KeyUnavailable."""
        return DataKey(self._opened(wrapped, visit, generation))

    def due(self) -> bool:
        """Whether the key in use is old enough to be exchanged by the terminal itself."""
        [row] = self._store.db.query("select made_at from key_generations order by generation desc limit 1")
        age = self._clock() - datetime.fromisoformat(row["made_at"])
        able = holder_for_new(self._folder).name != "systemd-creds"
        return able and not timedelta() <= age < ROTATED_AFTER

    def rotate(self) -> int:
        """Wrap everything with a fresh key, and destroy the keys nothing is wrapped with any more; the generation.

        A cut leaves the old or the new one in use. Raises KeyUnavailable, CacheFull.
        """
        with self._store.transaction() as db:
            old = self.generation(db)
            self._begin(db, old + 1)
            for table, name, column in (("visits", "id", "wrapped_key"), ("secrets", "name", "wrapped")):
                for row in list(db.query(f"select {name} as name, {column} as wrapped, kek from {table}")):
                    if row["wrapped"]:
                        self._wrap_again(db, table, name, column, row)
        self._store.checkpoint()
        self.destroy_unused()
        log.info("the key-encryption key is exchanged: generation %d, held by %s", old + 1, self.holder)
        return old + 1

    def destroy_unused(self) -> None:
        """Destroy every older key that nothing is wrapped with. Raises KeyUnavailable, CacheFull."""
        rows = self._store.db.query(
            "select generation, holder from key_generations"
            " where generation < (select max(generation) from key_generations)"
            " and generation not in (select kek from visits where wrapped_key is not null)"
            " and generation not in (select kek from secrets)"
            " and generation not in (select generation from set_aside_keys)"
        )
        for row in list(rows):
            holder_named(row["holder"], self._folder).destroy(row["generation"])
            self._wrapping.pop(row["generation"], None)
            with self._store.transaction() as db:
                db.table("key_generations").delete(row["generation"])
                note(db, Event.KEY_DESTROYED, generation=row["generation"])

    def _wrap_again(self, db: Database, table: str, name: str, column: str, row: dict[str, Any]) -> None:
        generation = self.generation(db)
        try:
            plain = self._opened(row["wrapped"], row["name"], row["kek"])
        except Unreadable:
            log.error("a key of generation %d does not open and stays as it is", row["kek"])
            return
        wrapped = self._key(generation).seal(plain, row["name"])
        db.execute(f"update {table} set {column} = ?, kek = ? where {name} = ?", [wrapped, generation, row["name"]])

    def _begin(self, db: Database, generation: int) -> None:
        """Make a key of this generation and use it from when the transaction ends."""
        holder = holder_for_new(self._folder)
        key = self._made_before(db, holder) if generation == 1 else None
        self._wrapping[generation] = DataKey(key or holder.make(generation))
        made = self._clock().isoformat(timespec="seconds")
        db.table("key_generations").insert({"generation": generation, "holder": holder.name, "made_at": made})
        note(db, Event.KEY_MADE, generation=generation, holder=holder.name)

    @staticmethod
    def _made_before(db: Database, holder: KeyHolder) -> bytes | None:
        """The key a store from before generations is wrapped with, or one whose making was cut."""
        try:
            return holder.load(1)
        except KeyGone:
            return None

    def _key(self, generation: int) -> DataKey:
        if generation not in self._wrapping:
            rows = self._store.db.query("select holder from key_generations where generation = ?", [generation])
            row = next(iter(list(rows)), None)
            if row is None:
                raise KeyGone(f"generation {generation} is destroyed")
            self._wrapping[generation] = DataKey(holder_named(row["holder"], self._folder).load(generation))
        return self._wrapping[generation]

    def _opened(self, wrapped: bytes, name: str, generation: int) -> bytes:
        try:
            return self._key(generation).open(wrapped, name)
        except KeyGone:
            raise Unreadable("its key-encryption key is gone") from None

    def _secret(self, name: str) -> bytes:
        with self._store.transaction() as db:
            for row in db.query("select wrapped, kek from secrets where name = ?", [name]):
                try:
                    return self._opened(row["wrapped"], name, row["kek"])
                except Unreadable:
                    log.error("the secret %s does not open and is made anew", name)
            secret, generation = os.urandom(32), self.generation(db)
            line = {"name": name, "wrapped": self._key(generation).seal(secret, name), "kek": generation}
            db.table("secrets").upsert(line, pk="name")
        return secret
