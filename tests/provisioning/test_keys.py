"""`kiosk-provision keys`: who holds the key, moving it into a TPM (swtpm), and databases that were set aside."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from offline_cache import Cache
from provisioning.__main__ import main
from tests.fleet.sample_cases import proof_case
from tests.offline_cache.trusted_module import measure, trusted_module


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "terminal"
    folder.mkdir()
    (folder / "terminal.toml").write_text('[terminal]\nid = "HW-0001"\n')
    return folder


@pytest.fixture
def tcti(tmp_path: Path) -> Iterator[str]:
    with trusted_module(tmp_path / "tpm") as address:
        yield address


def said(capsys: pytest.CaptureFixture[str], *arguments: str, exits: int = 0) -> str:
    assert main(["keys", *arguments]) == exits
    output = capsys.readouterr()
    return output.out or output.err


def test_a_new_terminal_says_that_its_key_is_for_development(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys, "--data", str(data))
    assert "generation 1, held by development" in told and "kiosk-provision keys --holder tpm" in told


def test_the_key_moves_into_the_tpm_under_a_citizen(data: Path, tcti: str, capsys: pytest.CaptureFixture[str]) -> None:
    cache = Cache.open(data)
    visit = cache.visits.begin()
    told = said(capsys, "--data", str(data), "--holder", "tpm", "--tcti", tcti, "--pcrs", "7", "--json")
    assert json.loads(told) == {
        "holder": "tpm", "for_service": True, "generation": 2, "set_aside": [], "last_rescue": None,
    }  # fmt: skip
    cache.visits.save(visit, b"typed meanwhile")
    cache.outbox.put_case(visit, proof_case())
    cache.close()
    assert {path.name for path in (data / "keys").iterdir()} == {"holder.toml", "tpm.2.json"}
    again = Cache.open(data)
    assert again.visits.saved(again.visits.open(visit.id)) == b"typed meanwhile"
    again.close()
    assert "generation 3, held by tpm" in said(capsys, "--data", str(data), "--rotate")


def test_a_tpm_that_is_not_there_leaves_everything_as_it_was(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nobody = f"swtpm:path={tmp_path}/nobody"
    told = said(capsys, "--data", str(data), "--holder", "tpm", "--tcti", nobody, exits=1)
    assert "the TPM does not answer" in told
    assert {path.name for path in (data / "keys").iterdir()} == {"development.kek"}


def test_after_other_firmware_the_terminal_says_what_to_do(
    data: Path, tcti: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "--data", str(data), "--holder", "tpm", "--tcti", tcti, "--pcrs", "7")
    measure(tcti, 7)
    told = said(capsys, "--data", str(data), exits=1)
    assert "the machine was started otherwise" in told and "docs/technicians.md" in told


def test_a_folder_that_is_no_terminal_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "kiosk-provision enrol" in said(capsys, "--data", str(tmp_path), exits=1)
    assert not list(tmp_path.iterdir())


def test_a_set_aside_database_is_listed_and_removed(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cache = Cache.open(data)
    cache.outbox.put_case(cache.visits.begin(), proof_case())
    cache.close()
    with (data / "store.db").open("r+b") as file:
        file.write(bytes(100))
    found = json.loads(said(capsys, "--data", str(data), "--json"))
    [name] = found["set_aside"]
    assert (found["last_rescue"]["kept"], found["last_rescue"]["lost"]) == (1, 0)
    told = said(capsys, "--data", str(data))
    assert "1 undelivered entries kept, 0 lost" in told and name in told
    assert "no database was set aside as x" in said(capsys, "--data", str(data), "--remove-set-aside", "x", exits=1)
    assert name not in said(capsys, "--data", str(data), "--remove-set-aside", name)
    assert {path.name for path in (data / "keys").iterdir()} == {"development.2.kek"}
