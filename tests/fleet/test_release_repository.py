"""Releases as a terminal sees them: fetched and verified by python-tuf's own Updater."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlparse

import pytest
from tuf.api.exceptions import DownloadHTTPError, ExpiredMetadataError, RepositoryError
from tuf.api.metadata import Metadata, Targets
from tuf.ngclient import Updater
from tuf.ngclient.fetcher import FetcherInterface

from contract.items import DepartmentItems
from contract.releases import Release, SearchIndex
from fleet.data_folder import DataFolder
from fleet.platform import Platform
from fleet.releases.keys import RoleKeys
from fleet.releases.repository import ReleaseRepository
from tests.fleet.city_workbook import CIVIL_AFFAIRS, HUMAN_RESOURCES, PROOF, write_city
from tests.fleet.running_platform import make_platform, run_command


class FolderFetcher(FetcherInterface):
    """Reads a repository from files, as a web server would hand them out."""

    def _fetch(self, url: str):  # type: ignore[no-untyped-def]
        path = Path(urlparse(url).path)
        if not path.exists():
            raise DownloadHTTPError("not found", 404)
        yield path.read_bytes()


def terminal_of(repository: Path, folder: Path, root: bytes | None = None) -> Updater:
    """A terminal's updater; it keeps what it learnt in `folder`."""
    for name in ("metadata", "targets"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return Updater(
        str(folder / "metadata"),
        f"file://{repository}/metadata/",
        str(folder / "targets"),
        f"file://{repository}/targets/",
        FolderFetcher(),
        bootstrap=root or (repository / "metadata" / "1.root.json").read_bytes(),
    )


def fetch(updater: Updater, path: str) -> bytes:
    target = updater.get_targetinfo(path)
    assert target is not None, path
    return Path(updater.download_target(target)).read_bytes()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_platform(tmp_path_factory.mktemp("made"))


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    """A platform with release 1, to be spoilt."""
    return Path(shutil.copytree(made, tmp_path / "platform"))


def test_a_terminal_verifies_every_target_of_a_release(data: Path, tmp_path: Path) -> None:
    updater = terminal_of(data / "releases", tmp_path / "terminal")
    release = Release.model_validate_json(fetch(updater, "release.json"))
    assert release.version == 1
    assert set(release.targets) == {
        "search.json",
        f"{HUMAN_RESOURCES}/items.json",
        f"{HUMAN_RESOURCES}/proof.typ",
        *(
            f"{department}/{name}.typ"
            for department in (HUMAN_RESOURCES, CIVIL_AFFAIRS)
            for name in ("letter", "notice")
        ),
        f"{CIVIL_AFFAIRS}/items.json",
        f"{CIVIL_AFFAIRS}/subsidy.xml",
    }
    for path in release.targets:
        assert fetch(updater, path)
    items = DepartmentItems.model_validate_json(fetch(updater, f"{HUMAN_RESOURCES}/items.json"))
    assert [item.task_code for item in items.items] == [PROOF]
    index = SearchIndex.model_validate_json(fetch(updater, "search.json"))
    assert len(index.entries) == 3
    platform = Platform(DataFolder(data))
    assert release.certificate_keys == [platform.certificate_key.public_key]
    assert release.identity_keys == [platform.identity_key.public_key]
    assert release.identity_keys != release.certificate_keys


def test_a_department_signs_its_own_targets_and_nothing_else(data: Path) -> None:
    metadata = data / "releases" / "metadata"
    top = Metadata[Targets].from_bytes((metadata / "2.targets.json").read_bytes()).signed
    assert set(top.targets) == {"release.json", "search.json", "bundle.zst"}
    assert top.delegations is not None and top.delegations.roles is not None
    role = top.delegations.roles[f"dept-{HUMAN_RESOURCES}"]
    assert role.paths == [f"{HUMAN_RESOURCES}/*", f"{HUMAN_RESOURCES}/*/*"]
    keyids = {keyid for delegated in top.delegations.roles.values() for keyid in delegated.keyids}
    assert len(keyids) == 2


def test_a_tampered_target_is_refused(data: Path, tmp_path: Path) -> None:
    items = next((data / "releases" / "targets" / HUMAN_RESOURCES).glob("*.items.json"))
    content = items.read_bytes()
    items.write_bytes(content.replace(b"000-5550101", b"000-5550666"))
    updater = terminal_of(data / "releases", tmp_path / "terminal")
    with pytest.raises(RepositoryError):
        fetch(updater, f"{HUMAN_RESOURCES}/items.json")
    items.write_bytes(content)
    assert fetch(updater, f"{HUMAN_RESOURCES}/items.json") == content


def test_metadata_of_another_department_is_refused(data: Path, tmp_path: Path) -> None:
    metadata = data / "releases" / "metadata"
    shutil.copy(metadata / f"1.dept-{CIVIL_AFFAIRS}.json", metadata / f"1.dept-{HUMAN_RESOURCES}.json")
    with pytest.raises(RepositoryError):
        terminal_of(data / "releases", tmp_path / "terminal").get_targetinfo(f"{HUMAN_RESOURCES}/items.json")


def test_the_next_release_has_the_next_number_and_an_old_one_is_no_way_back(data: Path, tmp_path: Path) -> None:
    before = tmp_path / "before"
    shutil.copytree(data / "releases", before)

    def rename(rows: dict[str, list[dict[str, object]]]) -> None:
        rows["items"][0]["name_zh"] = "参保证明在线打印"

    arguments = ["--data", str(data)]
    assert run_command("import", *arguments, str(write_city(tmp_path / "city", rename)))[0] == 0
    code, content = run_command("release", *arguments, "--approved-by", "甲", "--approved-by", "丙")
    assert (code, content["version"]) == (0, 2)
    updater = terminal_of(data / "releases", tmp_path / "terminal")
    assert Release.model_validate_json(fetch(updater, "release.json")).version == 2
    assert "在线" in fetch(updater, f"{HUMAN_RESOURCES}/items.json").decode()
    with pytest.raises(RepositoryError):
        terminal_of(before, tmp_path / "terminal").refresh()


@pytest.mark.parametrize("approvers", [[], ["甲"], ["甲", "甲"], ["Li", " li "], ["甲", " "]])
def test_one_person_alone_releases_nothing(data: Path, approvers: list[str]) -> None:
    arguments = [argument for name in approvers for argument in ("--approved-by", name)]
    code, content = run_command("release", "--data", str(data), *arguments)
    assert code == 1
    assert "two different people" in str(content["error"])
    assert not (data / "releases" / "metadata" / "3.snapshot.json").exists()


def test_nothing_imported_is_nothing_to_release(tmp_path: Path) -> None:
    data = ["--data", str(tmp_path / "platform")]
    assert run_command("init", *data)[0] == 0
    code, content = run_command("release", *data, "--approved-by", "甲", "--approved-by", "乙")
    assert code == 1
    assert "import a workbook" in str(content["error"])


def test_a_timestamp_that_ran_out_is_refused_until_it_is_renewed(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    repository = ReleaseRepository(tmp_path / "releases", RoleKeys(tmp_path / "keys"))
    repository.create(now - timedelta(days=8))
    with pytest.raises(ExpiredMetadataError):
        terminal_of(tmp_path / "releases", tmp_path / "first").refresh()
    repository.renew(now)
    terminal_of(tmp_path / "releases", tmp_path / "second").refresh()


@pytest.mark.parametrize("days", [100, 350, 400])
def test_a_release_of_long_ago_is_kept_valid(tmp_path: Path, days: int) -> None:
    now, releases = datetime.now(UTC), tmp_path / "releases"
    then = now - timedelta(days=days)
    repository = ReleaseRepository(releases, RoleKeys(tmp_path / "keys"))
    repository.create(then)
    repository.publish({"release.json": b"{}", "A/items.json": b"[]"}, ["A"], then)
    repository.renew(now)
    assert fetch(terminal_of(releases, tmp_path / "terminal"), "A/items.json") == b"[]"
    written = len(list((releases / "metadata").iterdir()))
    repository.renew(now)
    assert len(list((releases / "metadata").iterdir())) == written
    assert fetch(terminal_of(releases, tmp_path / "terminal"), "release.json") == b"{}"


def test_a_department_that_left_does_not_stop_terminals(tmp_path: Path) -> None:
    repository = ReleaseRepository(tmp_path / "releases", RoleKeys(tmp_path / "keys"))
    now = datetime.now(UTC)
    repository.create(now)
    repository.publish({"release.json": b"{}", "A/items.json": b"[]", "B/items.json": b"[]"}, ["A", "B"], now)
    assert fetch(terminal_of(tmp_path / "releases", tmp_path / "t"), "B/items.json") == b"[]"
    repository.publish({"release.json": b"{}", "A/items.json": b"[1]"}, ["A"], now)
    updater = terminal_of(tmp_path / "releases", tmp_path / "t")
    assert fetch(updater, "A/items.json") == b"[1]"
    assert updater.get_targetinfo("B/items.json") is None


def test_keys_and_database_are_private(data: Path) -> None:
    secrets = [*data.glob("keys/*"), *data.glob("keys/tuf/*.pem"), data / "fleet.db", data / "operator.token"]
    assert {path.stat().st_mode & 0o777 for path in secrets if path.is_file()} == {0o600}
    assert len(json.loads((data / "releases" / "metadata" / "1.root.json").read_bytes())["signed"]["keys"]) == 4
