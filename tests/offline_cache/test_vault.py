"""The vault: a record opens with its key, under its name, whole, or not at all."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from offline_cache.errors import Unreadable
from offline_cache.vault import DataKey, Vault


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "keys")


def test_a_record_opens_under_its_own_name_only(vault: Vault) -> None:
    key, _ = vault.new_key("visit")
    sealed = key.seal("王示例".encode(), "draft")
    assert key.open(sealed, "draft") == "王示例".encode()
    with pytest.raises(Unreadable):
        key.open(sealed, "answer")


def test_any_changed_byte_makes_a_record_unreadable(vault: Vault) -> None:
    key, _ = vault.new_key("visit")
    sealed = key.seal(b"a case", "case")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(Unreadable):
            key.open(bytes(changed), "case")


def test_a_record_cut_short_anywhere_is_unreadable(vault: Vault) -> None:
    key, _ = vault.new_key("visit")
    sealed = key.seal(b"a case", "case")
    for length in range(len(sealed)):
        with pytest.raises(Unreadable):
            key.open(sealed[:length], "case")


def test_the_same_text_is_never_sealed_the_same_way_twice(vault: Vault) -> None:
    key, _ = vault.new_key("visit")
    assert len({key.seal(b"text", "name") for _ in range(100)}) == 100


def test_a_wrapped_key_opens_for_its_own_visit_only(vault: Vault) -> None:
    key, wrapped = vault.new_key("mine")
    assert vault.unwrap(wrapped, "mine").open(key.seal(b"x", "n"), "n") == b"x"
    with pytest.raises(Unreadable):
        vault.unwrap(wrapped, "yours")


def test_another_terminals_vault_opens_nothing(vault: Vault, tmp_path: Path) -> None:
    _, wrapped = vault.new_key("visit")
    with pytest.raises(Unreadable):
        Vault(tmp_path / "other").unwrap(wrapped, "visit")


def test_the_key_file_is_private_and_stays_the_same(vault: Vault, tmp_path: Path) -> None:
    path = tmp_path / "keys" / "development.kek"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    before = path.read_bytes()
    assert len(before) == 32
    Vault(tmp_path / "keys")
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == ["development.kek"]


def test_neither_a_key_nor_the_log_shows_a_key(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        key, _ = Vault(tmp_path / "keys").new_key("visit")
    assert "development only" in caplog.text
    secret = (tmp_path / "keys" / "development.kek").read_bytes()
    shown = repr(key) + str(key) + f"{key}" + caplog.text
    assert secret.hex() not in shown and repr(secret)[2:-1] not in shown
    assert repr(DataKey(bytes(32))) == repr(key) == "DataKey(…)"
