"""`python -m offline_cache.releases`, as the tuf-conformance suite calls it (CLIENT-CLI.md)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from offline_cache.releases.__main__ import main
from tests.fleet.city_workbook import HUMAN_RESOURCES
from tests.offline_cache.release_shelf import Shelf
from tests.offline_cache.test_store import ROOT

ITEMS = f"{HUMAN_RESOURCES}/items.json"


class Client:
    """The command with its two folders."""

    def __init__(self, folder: Path, shelf: Shelf) -> None:
        self.metadata, self.targets = folder / "metadata", folder / "targets"
        self.metadata.mkdir(parents=True)
        self.targets.mkdir()
        self._url = f"{shelf.url}/releases"

    def init(self, root: Path) -> int:
        return main(["--metadata-dir", str(self.metadata), "init", str(root)])

    def refresh(self) -> int:
        return main(["--metadata-url", f"{self._url}/metadata", "--metadata-dir", str(self.metadata), "refresh"])

    def download(self, *names: str) -> int:
        wanted = [option for name in names for option in ("--target-name", name)]
        where = ["--target-dir", str(self.targets), "--target-base-url", f"{self._url}/targets"]
        metadata = ["--metadata-url", f"{self._url}/metadata", "--metadata-dir", str(self.metadata)]
        return main([*metadata, *wanted, *where, "download"])

    @property
    def trusted(self) -> list[str]:
        return sorted(path.name for path in self.metadata.glob("*.json"))

    @property
    def downloaded(self) -> list[bytes]:
        return sorted(path.read_bytes() for path in self.targets.rglob("*") if path.is_file())


@pytest.fixture
def client(shelf: Shelf, tmp_path: Path) -> Client:
    made = Client(tmp_path / "client", shelf)
    assert made.init(shelf.data / "releases" / "metadata" / "1.root.json") == 0
    assert made.trusted == ["root.json"] and shelf.asked == []
    return made


def test_metadata_is_kept_under_plain_names(client: Client, shelf: Shelf) -> None:
    assert client.refresh() == 0
    assert client.trusted == ["root.json", "snapshot.json", "targets.json", "timestamp.json"]
    assert client.downloaded == []


def test_targets_are_downloaded_once(client: Client, shelf: Shelf) -> None:
    assert client.download("release.json", ITEMS) == 0
    assert client.downloaded == sorted([shelf.content("release.json"), shelf.content(ITEMS)])
    shelf.asked.clear()
    assert client.download(ITEMS) == 0
    assert not [path for path in shelf.asked if path.startswith("targets/")]


def test_what_is_not_there_or_not_as_signed_is_refused(
    client: Client, shelf: Shelf, capsys: pytest.CaptureFixture[str]
) -> None:
    assert client.download("nobody.json") == 1
    assert "is not in the repository" in capsys.readouterr().err
    shelf.faults["items.json"] = lambda request: request.give(request.real.replace(b"000", b"111"))
    assert client.download(ITEMS) == 1
    assert client.downloaded == []
    shelf.close()
    assert client.refresh() == 1


@pytest.mark.parametrize("root", [b"", b"{}", b'{"signatures": [], "signed": {"_type": "root"}}'])
def test_a_root_that_is_none_is_refused(client: Client, tmp_path: Path, root: bytes) -> None:
    (tmp_path / "root.json").write_bytes(root)
    client.init(tmp_path / "root.json")
    assert client.refresh() == 1
    assert client.init(tmp_path / "nowhere.json") == 1


def test_it_runs_as_a_module_and_says_what_is_missing() -> None:
    command = [sys.executable, "-m", "offline_cache.releases", "--metadata-dir", "/tmp", "refresh"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and "--metadata-url is needed" in done.stderr
