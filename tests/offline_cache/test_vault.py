"""The vault: a record opens with its key, under its name, whole, or not at all; and keys take each other's place."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from offline_cache import Cache
from offline_cache.errors import BadSettings, KeyUnavailable, Unreadable
from offline_cache.key_holders.development import DevelopmentHolder
from offline_cache.vault import DataKey, Vault
from offline_cache.visits import Visit


def fresh() -> DataKey:
    return DataKey(os.urandom(32))


def test_a_record_opens_under_its_own_name_only() -> None:
    key = fresh()
    sealed = key.seal("王示例".encode(), "draft")
    assert key.open(sealed, "draft") == "王示例".encode()
    with pytest.raises(Unreadable):
        key.open(sealed, "answer")


def test_any_changed_byte_makes_a_record_unreadable() -> None:
    key = fresh()
    sealed = key.seal(b"a case", "case")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(Unreadable):
            key.open(bytes(changed), "case")


def test_a_record_cut_short_anywhere_is_unreadable() -> None:
    key = fresh()
    sealed = key.seal(b"a case", "case")
    for length in range(len(sealed)):
        with pytest.raises(Unreadable):
            key.open(sealed[:length], "case")


def test_the_same_text_is_never_sealed_the_same_way_twice() -> None:
    key = fresh()
    assert len({key.seal(b"text", "name") for _ in range(100)}) == 100


def test_a_wrapped_key_opens_for_its_own_visit_only(cache: Cache) -> None:
    with cache.store.transaction() as db:
        key, wrapped, generation = cache.vault.new_key("mine", db)
    assert cache.vault.unwrap(wrapped, "mine", generation).open(key.seal(b"x", "n"), "n") == b"x"
    with pytest.raises(Unreadable):
        cache.vault.unwrap(wrapped, "yours", generation)


def test_another_terminals_vault_opens_nothing(cache: Cache, visit: Visit, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Cache.open(tmp_path / "other")
    [row] = cache.store.db.table("visits").rows
    with pytest.raises(Unreadable):
        other.vault.unwrap(row["wrapped_key"], visit.id, row["kek"])
    other.close()


def test_the_key_file_is_private_and_stays_the_same(cache: Cache, tmp_path: Path) -> None:
    path = tmp_path / "keys" / "development.kek"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    before = path.read_bytes()
    assert len(before) == 32
    Cache.open(tmp_path).close()
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == ["development.kek"]


def test_neither_a_key_nor_the_log_shows_a_key(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        cache = Cache.open(tmp_path)
        key = cache.visits.begin().key
        cache.vault.rotate()
        cache.close()
    assert "for development only" in caplog.text
    secret = (tmp_path / "keys" / "development.2.kek").read_bytes()
    shown = repr(key) + str(key) + f"{key}" + caplog.text
    assert secret.hex() not in shown and repr(secret)[2:-1] not in shown


# one key after the other


def wrapped(cache: Cache) -> bytes:
    [row] = cache.store.db.query("select wrapped_key from visits")
    return bytes(row["wrapped_key"])


def test_a_rotated_key_wraps_everything_and_the_old_one_is_destroyed(
    cache: Cache, visit: Visit, tmp_path: Path
) -> None:
    cache.visits.save(visit, b"an answer")
    old, hashed, before = (
        (tmp_path / "keys" / "development.kek").read_bytes(),
        cache.vault.keyed_hash("x"),
        wrapped(cache),
    )
    assert cache.vault.rotate() == 2
    assert [p.name for p in (tmp_path / "keys").iterdir()] == ["development.2.kek"]
    assert cache.visits.saved(cache.visits.open(visit.id)) == b"an answer"
    assert cache.vault.keyed_hash("x") == hashed, "who waits after wrong codes still waits"
    # nothing wrapped with the old key is left in any file
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("store.db*"))
    assert before not in kept and wrapped(cache) in kept and old not in kept
    cache.close()
    again = Cache.open(tmp_path)
    assert again.visits.saved(again.visits.open(visit.id)) == b"an answer"
    assert again.vault.keyed_hash("x") == hashed
    again.close()


def test_the_other_program_goes_on_through_a_rotation(cache: Cache, visit: Visit, tmp_path: Path) -> None:
    agent = Cache.open(tmp_path)
    agent.vault.rotate()
    cache.visits.save(visit, b"under way")
    second = cache.visits.begin()
    cache.visits.save(second, b"begun after")
    agent.vault.rotate()
    for program in (cache, agent):
        assert program.visits.saved(program.visits.open(visit.id)) == b"under way"
        assert program.visits.saved(program.visits.open(second.id)) == b"begun after"
    assert {row["kek"] for row in cache.store.db.table("visits").rows} == {3}
    agent.close()


class CutHolder(DevelopmentHolder):
    """Dies once the next key is made, or instead of destroying one."""

    at = ""

    def make(self, generation: int) -> bytes:
        made = super().make(generation)
        if self.at == "made":
            raise OSError("cut")
        return made

    def destroy(self, generation: int) -> None:
        if self.at == "destroy":
            raise OSError("cut")
        super().destroy(generation)


@pytest.mark.parametrize("at", ["made", "destroy"])
def test_a_rotation_that_is_cut_loses_nothing_and_is_made_up_for(
    cache: Cache, visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    cache.visits.save(visit, b"an answer")
    holder = CutHolder(tmp_path / "keys")
    holder.at = at
    monkeypatch.setattr("offline_cache.vault.holder_for_new", lambda folder: holder)
    monkeypatch.setattr("offline_cache.vault.holder_named", lambda name, folder: holder)
    with pytest.raises(OSError, match="cut"):
        cache.vault.rotate()
    cache.close()
    monkeypatch.undo()
    again = Cache.open(tmp_path)
    assert again.visits.saved(again.visits.open(visit.id)) == b"an answer"
    generation = again.vault.rotate()
    assert again.visits.saved(again.visits.open(visit.id)) == b"an answer"
    assert [p.name for p in (tmp_path / "keys").iterdir()] == [f"development.{generation}.kek"]
    again.close()


def test_the_key_is_exchanged_once_a_day_whatever_the_clock_does(cache: Cache, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    ages = {timedelta(0): False, timedelta(hours=23): False, timedelta(hours=25): True, timedelta(days=-1): True}
    for age, due in ages.items():
        assert Vault(cache.store, tmp_path / "keys", lambda age=age: now + age).due() is due  # type: ignore[misc]


def test_a_key_that_is_gone_is_said_and_the_terminal_goes_on(
    cache: Cache, visit: Visit, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache.close()
    (tmp_path / "keys" / "development.kek").unlink()
    again = Cache.open(tmp_path)
    assert again.vault.gone and "what it wrapped is lost" in caplog.text
    with pytest.raises(Unreadable):
        again.visits.open(visit.id)
    new = again.visits.begin()
    again.visits.save(new, b"the next citizen")
    assert again.visits.saved(again.visits.open(new.id)) == b"the next citizen"
    again.close()


@pytest.mark.parametrize("said", ['holder = "cupboard"', "holder =", 'holder = "tpm"\npcrs = [31]'])
def test_a_holder_nobody_knows_is_said(tmp_path: Path, said: str) -> None:
    (tmp_path / "keys").mkdir(mode=0o700)
    (tmp_path / "keys" / "holder.toml").write_text(said)
    with pytest.raises(BadSettings, match=r"holder\.toml"):
        Cache.open(tmp_path)


@pytest.fixture
def moved(tmp_path: Path) -> Iterator[Cache]:
    """A terminal whose key was in a file first."""
    cache = Cache.open(tmp_path)
    visit = cache.visits.begin()
    cache.visits.save(visit, b"an answer")
    yield cache
    assert cache.visits.saved(cache.visits.open(visit.id)) == b"an answer"
    cache.close()


def test_a_holder_that_does_not_answer_leaves_the_old_key_in_use(moved: Cache, tmp_path: Path) -> None:
    (tmp_path / "keys" / "holder.toml").write_text(f'holder = "tpm"\ntcti = "swtpm:path={tmp_path}/nobody"')
    with pytest.raises(KeyUnavailable, match="TPM"):
        moved.vault.rotate()
    assert moved.vault.holder == "development" and moved.vault.generation(moved.store.db) == 1
