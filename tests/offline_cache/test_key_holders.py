"""Where the key is held: a real TPM 2.0 (swtpm) and the real systemd-creds."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tpm2_pytss import ESYS_TR, TSS2_Exception
from tpm2_pytss.ESAPI import ESAPI

from offline_cache import Cache
from offline_cache.errors import KeyGone, KeyUnavailable, Unreadable
from offline_cache.key_holders import KeyHolder
from offline_cache.key_holders.development import DevelopmentHolder
from offline_cache.key_holders.systemd_creds import SystemdCredsHolder
from offline_cache.key_holders.tpm import FIRST_INDEX, TpmHolder
from tests.offline_cache.trusted_module import clear, measure, trusted_module


@pytest.fixture
def tcti(tmp_path: Path) -> Iterator[str]:
    with trusted_module(tmp_path / "tpm") as address:
        yield address


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    return folder


def credentials_work() -> bool:
    if shutil.which("systemd-creds") is None or os.geteuid():
        return False
    return subprocess.run(["systemd-creds", "setup"], capture_output=True, timeout=30).returncode == 0


@pytest.fixture(params=["tpm", "systemd-creds", "development"])
def holder(request: pytest.FixtureRequest, keys: Path) -> KeyHolder:
    if request.param == "tpm":
        return TpmHolder(keys, request.getfixturevalue("tcti"))
    if request.param == "development":
        return DevelopmentHolder(keys)
    if not credentials_work():
        pytest.skip("systemd-creds needs root and systemd 250 or later")
    return SystemdCredsHolder(keys)


def test_a_key_is_held_until_it_is_destroyed(holder: KeyHolder, keys: Path) -> None:
    with pytest.raises(KeyGone):
        holder.load(1)
    first, second = holder.make(1), holder.make(2)
    assert len(first) == len(second) == 32 and first != second
    assert (holder.load(1), holder.load(2)) == (first, second)
    files = {path: path.read_bytes() for path in keys.iterdir()}
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in files)
    if holder.for_service:
        assert not any(first in content or first.hex().encode() in content for content in files.values())
    holder.destroy(1)
    holder.destroy(1)
    with pytest.raises(KeyGone):
        holder.load(1)
    assert holder.load(2) == second
    assert holder.make(2) != second and holder.load(2) != second


def test_a_key_that_was_cut_while_it_was_made_is_made_anew(holder: KeyHolder, keys: Path) -> None:
    holder.make(1)
    for path in keys.iterdir():
        path.unlink()
    with pytest.raises(KeyGone):
        holder.load(1)
    made = holder.make(1)
    assert holder.load(1) == made


def test_what_the_tpm_holds_opens_only_with_what_this_disk_holds(tcti: str, keys: Path) -> None:
    TpmHolder(keys, tcti).make(1)
    with ESAPI(tcti) as tpm:
        place = tpm.tr_from_tpmpublic(FIRST_INDEX + 1)
        for attempt in (lambda: tpm.nv_read(place, 32, 0, auth_handle=place),
                        lambda: tpm.nv_read(place, 32, 0, auth_handle=ESYS_TR.OWNER)):  # fmt: skip
            with pytest.raises(TSS2_Exception):
                attempt()
    (keys / "tpm.1.json").write_text('{"tcti": "half')
    with pytest.raises(KeyGone):
        TpmHolder(keys, tcti).load(1)


def test_a_wrong_authorisation_value_opens_nothing(tcti: str, keys: Path) -> None:
    holder = TpmHolder(keys, tcti)
    holder.make(1)
    here = (keys / "tpm.1.json").read_text()
    other = keys / "other"
    other.mkdir()
    TpmHolder(other, tcti).make(2)
    theirs = (other / "tpm.2.json").read_text()
    (keys / "tpm.1.json").write_text(theirs.replace(str(FIRST_INDEX + 2), str(FIRST_INDEX + 1)))
    with pytest.raises(KeyUnavailable):
        holder.load(1)
    (keys / "tpm.1.json").write_text(here)
    assert len(holder.load(1)) == 32


def test_another_start_of_the_machine_does_not_open_the_key(tcti: str, keys: Path) -> None:
    bound, free = TpmHolder(keys, tcti, (7,)), TpmHolder(keys, tcti)
    key, unbound = bound.make(1), free.make(2)
    assert bound.load(1) == key
    measure(tcti, 7)
    with pytest.raises(KeyUnavailable, match="started otherwise"):
        bound.load(1)
    assert free.load(2) == unbound
    # bound anew, to what the machine is now
    made = bound.make(3)
    assert bound.load(3) == made


def test_a_cleared_tpm_has_no_key_any_more(tcti: str, keys: Path) -> None:
    TpmHolder(keys, tcti).make(1)
    clear(tcti)
    with pytest.raises(KeyGone, match="cleared"):
        TpmHolder(keys, tcti).load(1)


def test_no_key_is_left_in_the_tpms_working_memory(tcti: str, keys: Path) -> None:
    """It has room for three objects; what is not flushed is missing to the next who asks."""
    holder = TpmHolder(keys, tcti)
    key = holder.make(1)
    assert all(holder.load(1) == key for _ in range(12))


def test_a_terminal_moves_from_a_file_into_the_tpm_and_back(tcti: str, tmp_path: Path) -> None:
    cache = Cache.open(tmp_path)
    visit = cache.visits.begin()
    cache.visits.save(visit, b"an answer")
    holder_file = tmp_path / "keys" / "holder.toml"
    for said, name, files in (
        (f'holder = "tpm"\ntcti = "{tcti}"\npcrs = [7]', "tpm", {"holder.toml", "tpm.2.json"}),
        ('holder = "development"', "development", {"holder.toml", "development.3.kek"}),
    ):
        holder_file.write_text(said)
        cache.vault.rotate()
        assert cache.vault.holder == name and cache.vault.for_service is (name == "tpm")
        assert {path.name for path in (tmp_path / "keys").iterdir()} == files
        cache.close()
        cache = Cache.open(tmp_path)
        assert cache.visits.saved(cache.visits.open(visit.id)) == b"an answer"
    cache.close()


def test_a_disk_in_another_machine_opens_nothing(tcti: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "keys").mkdir(parents=True, mode=0o700)
    (data / "keys" / "holder.toml").write_text(f'holder = "tpm"\ntcti = "{tcti}"')
    cache = Cache.open(data)
    visit = cache.visits.begin()
    cache.close()
    with trusted_module(tmp_path / "elsewhere") as elsewhere:
        for file in (data / "keys").iterdir():
            file.write_text(file.read_text().replace(tcti, elsewhere))
        stolen = Cache.open(data)
        assert stolen.vault.gone
        with pytest.raises(Unreadable):
            stolen.visits.open(visit.id)
        stolen.close()


def test_the_service_is_handed_its_key_by_systemd(keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `LoadCredentialEncrypted=bianmin-kek-1:…` does it: opened, in a folder only the service sees."""
    handed = tmp_path / "credentials"
    handed.mkdir()
    (handed / "bianmin-kek-1").write_bytes(b"k" * 32)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(handed))
    assert SystemdCredsHolder(keys).load(1) == b"k" * 32
    with pytest.raises(KeyGone):
        SystemdCredsHolder(keys).load(2)
