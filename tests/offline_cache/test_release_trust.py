"""The rules of TUF at a terminal: what is forged, old, mixed, expired, endless or slow is refused."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, Root, Snapshot, Targets, Timestamp
from tuf.api.serialization.json import JSONSerializer

from fleet.releases.keys import RoleKeys, department_role
from offline_cache.errors import ReleaseRefused, Unreachable
from offline_cache.releases import ReleaseUpdater
from offline_cache.releases.fetcher import Fetcher, Patience
from tests.fleet.city_workbook import CIVIL_AFFAIRS, HUMAN_RESOURCES
from tests.offline_cache.release_shelf import Handler, Shelf, Terminal

NOW = datetime.now(UTC).replace(microsecond=0)
ROLES = ("root", "timestamp", "snapshot", "targets", department_role(CIVIL_AFFAIRS))


class Workshop:
    """The platform's metadata, to be changed and signed by whom one likes."""

    def __init__(self, shelf: Shelf) -> None:
        self._folder = shelf.data / "releases" / "metadata"
        self.keys = RoleKeys(shelf.data / "keys" / "tuf")

    def newest(self, role: str) -> Metadata[Any]:
        return Metadata.from_bytes(self._path(role).read_bytes())

    def _path(self, role: str) -> Path:
        if role == "timestamp":
            return self._folder / "timestamp.json"
        return max(self._folder.glob(f"*.{role}.json"), key=lambda path: int(path.name.partition(".")[0]))

    def put(self, role: str, metadata: Metadata[Any], *signers: CryptoSigner) -> None:
        """Sign and publish; by the platform's own key where nobody else is named."""
        metadata.signatures.clear()
        for signer in signers or (self.keys.signer(role),):
            metadata.sign(signer, append=True)
        name = "timestamp.json" if role == "timestamp" else f"{metadata.signed.version}.{role}.json"
        (self._folder / name).write_bytes(metadata.to_bytes(JSONSerializer(compact=True)))

    def change(self, role: str, how: Callable[[Any], None], *signers: CryptoSigner) -> None:
        """The next version of a role, changed; everything that names it follows, truly signed."""
        metadata = self.newest(role)
        metadata.signed.version += 1
        how(metadata.signed)
        self.put(role, metadata, *signers)
        self.follow(role, metadata.signed.version)

    def follow(self, role: str, version: int) -> None:
        if role in ("root", "timestamp"):
            return
        if role == "snapshot":
            self.change("timestamp", lambda timestamp: setattr(timestamp.snapshot_meta, "version", version))
        else:
            self.change("snapshot", lambda snapshot: setattr(snapshot.meta[f"{role}.json"], "version", version))


@pytest.fixture
def workshop(shelf: Shelf) -> Workshop:
    return Workshop(shelf)


def refused(terminal: Terminal, because: str, now: float | None = None) -> None:
    before = terminal.fingerprint()
    with pytest.raises(ReleaseRefused, match=because):
        terminal.updater.refresh(now)
    assert terminal.fingerprint() == before
    assert terminal.folders == ["1", "current"]


def nothing(_: object) -> None:
    """No change."""


@pytest.mark.parametrize("role", ROLES)
def test_a_role_signed_by_a_stranger_is_refused(
    shelf: Shelf, terminal: Terminal, workshop: Workshop, role: str
) -> None:
    shelf.all_new()
    workshop.change(role, nothing, CryptoSigner.generate_ed25519())
    refused(terminal, "UnsignedMetadataError")


@pytest.mark.parametrize("role", ("timestamp", "snapshot", "targets"))
def test_a_threshold_that_is_not_reached_is_refused(
    shelf: Shelf, terminal: Terminal, workshop: Workshop, role: str
) -> None:
    other = CryptoSigner.generate_ed25519()

    def two(root: Root) -> None:
        root.add_key(other.public_key, role)
        root.roles[role].threshold = 2

    shelf.all_new()
    workshop.change("root", two)
    workshop.change(role, nothing, workshop.keys.signer(role))
    refused(terminal, "signed by 1/2 keys")
    if role != "timestamp":
        # what names it has been signed once only, too
        return
    workshop.change(role, nothing, workshop.keys.signer(role), other)
    assert terminal.refresh() == 2


@pytest.mark.parametrize("role", ROLES)
def test_an_expired_role_is_refused(shelf: Shelf, terminal: Terminal, workshop: Workshop, role: str) -> None:
    shelf.all_new()
    workshop.change(role, lambda signed: setattr(signed, "expires", NOW - timedelta(minutes=1)))
    refused(terminal, "it has expired")


@pytest.mark.parametrize("role", ("timestamp", "snapshot", "targets", department_role(CIVIL_AFFAIRS)))
def test_a_role_that_goes_back_is_refused(shelf: Shelf, terminal: Terminal, workshop: Workshop, role: str) -> None:
    """Truly signed, but an older version than the one seen before, named by newer ones."""
    old = workshop.newest(role)
    for _ in range(2):
        workshop.change(role, nothing)
    shelf.all_new()
    assert terminal.refresh() == 2
    workshop.put(role, old)
    if role != "timestamp":
        workshop.follow(role, old.signed.version)
    before = terminal.fingerprint()
    with pytest.raises(ReleaseRefused, match="older than what this terminal has seen"):
        terminal.refresh()
    assert terminal.fingerprint() == before


def test_a_root_that_goes_back_is_not_taken(shelf: Shelf, terminal: Terminal, workshop: Workshop) -> None:
    """Somebody holds the key that was taken out of service, and hands out the older root again."""
    old = workshop.newest("root")
    stolen, new = workshop.keys.signer("timestamp"), CryptoSigner.generate_ed25519()

    def rotate(root: Root) -> None:
        root.revoke_key(stolen.public_key.keyid, "timestamp")
        root.add_key(new.public_key, "timestamp")

    workshop.change("root", rotate)
    workshop.change("timestamp", nothing, new)
    assert terminal.refresh() is None
    old.signed.version = 2
    workshop.put("root", old)
    shelf.all_new()
    refused(terminal, "UnsignedMetadataError")


def test_a_mix_of_two_releases_is_refused(shelf: Shelf, terminal: Terminal, workshop: Workshop) -> None:
    """The department's metadata of one release handed out under the name of the next."""
    role = department_role(CIVIL_AFFAIRS)
    old = workshop.newest(role)
    shelf.all_new()
    folder = shelf.data / "releases" / "metadata"
    (folder / f"{old.signed.version + 1}.{role}.json").write_bytes(old.to_bytes())
    refused(terminal, "older than what this terminal has seen")


def test_a_frozen_repository_is_noticed_after_a_week(shelf: Shelf, terminal: Terminal) -> None:
    """Somebody keeps handing out the same, truly signed state."""
    assert terminal.updater.refresh(time.time() + timedelta(days=6).total_seconds()) is None
    refused(terminal, "it has expired", time.time() + timedelta(days=8).total_seconds())


def test_a_clock_that_says_1970_does_not_make_an_old_repository_new(
    shelf: Shelf, terminal: Terminal, workshop: Workshop
) -> None:
    """What is installed was published later, and that was signed."""
    workshop.change("timestamp", lambda timestamp: setattr(timestamp, "expires", NOW - timedelta(hours=1)))
    refused(terminal, "it has expired", now=0.0)


def test_root_keys_are_changed_with_the_old_and_the_new_threshold(
    shelf: Shelf, terminal: Terminal, workshop: Workshop
) -> None:
    first, others = workshop.keys.signer("root"), [CryptoSigner.generate_ed25519() for _ in range(3)]

    def two_of_three(root: Root) -> None:
        root.revoke_key(first.public_key.keyid, "root")
        for other in others:
            root.add_key(other.public_key, "root")
        root.roles["root"].threshold = 2

    shelf.all_new()
    for signers in ([first], [first, others[0]], others[:2]):
        workshop.change("root", two_of_three, *signers)
        refused(terminal, "UnsignedMetadataError")
        for path in (shelf.data / "releases" / "metadata").glob("2.root.json"):
            path.unlink()
    workshop.change("root", two_of_three, first, *others[:2])
    assert terminal.refresh() == 2
    # and on from there by the new keys alone
    workshop.change("root", nothing, others[1], others[2])
    assert terminal.refresh() is None
    metadata = terminal.data / "releases" / "metadata" / "root.json"
    assert Metadata[Root].from_bytes(metadata.read_bytes()).signed.version == 3


def test_a_department_signs_nothing_of_another(shelf: Shelf, terminal: Terminal, workshop: Workshop) -> None:
    """Its metadata may list another's files, or release.json; nobody asks it."""
    theirs, mine = department_role(CIVIL_AFFAIRS), department_role(HUMAN_RESOURCES)
    shelf.all_new()
    stolen = f"{CIVIL_AFFAIRS}/items.json"
    own = workshop.newest(mine).signed.targets
    file = next(iter(own.values()))

    def grab(targets: Targets) -> None:
        targets.targets = {**own, stolen: file, "release.json": file}

    def lose(targets: Targets) -> None:
        del targets.targets[stolen]

    workshop.change(mine, grab)
    workshop.change(theirs, lose)
    refused(terminal, f"the target {stolen} is missing")


def test_a_department_cannot_sign_with_anothers_key(shelf: Shelf, terminal: Terminal, workshop: Workshop) -> None:
    shelf.all_new()
    key = workshop.keys.signer(department_role(HUMAN_RESOURCES))
    workshop.change(department_role(CIVIL_AFFAIRS), nothing, key)
    refused(terminal, "UnsignedMetadataError")


def test_a_snapshot_that_drops_a_role_is_refused(shelf: Shelf, terminal: Terminal, workshop: Workshop) -> None:
    def drop(snapshot: Snapshot) -> None:
        del snapshot.meta[f"{department_role(CIVIL_AFFAIRS)}.json"]

    workshop.change("snapshot", drop)
    workshop.follow("snapshot", workshop.newest("snapshot").signed.version)
    refused(terminal, "RepositoryError")


@pytest.mark.parametrize("file", ["timestamp.json", "root.json", "snapshot.json", "targets.json"])
def test_endless_metadata_is_refused(shelf: Shelf, terminal: Terminal, file: str) -> None:
    def endless(request: Handler) -> None:
        request.send_response(200)
        request.end_headers()
        try:
            while True:
                request.wfile.write(b" " * (1 << 16))
        except OSError:
            return

    shelf.release()
    shelf.faults[f".{file}" if file != "timestamp.json" else file] = endless
    refused(terminal, "longer than signed")


def _trickle(request: Handler) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "100000")
    request.end_headers()
    try:
        for _ in range(200):
            request.wfile.write(b" ")
            request.wfile.flush()
            time.sleep(0.05)
    except OSError:
        return


@pytest.mark.parametrize("file", ["timestamp.json", "items.json"])
@pytest.mark.parametrize(
    "patience",
    [pytest.param(Patience(window=0.3, least=1000), id="too slow"), pytest.param(Patience(total=0.6), id="too long")],
)
def test_a_server_that_trickles_does_not_hold_the_terminal(
    shelf: Shelf, terminal: Terminal, file: str, patience: Patience
) -> None:
    shelf.all_new()
    shelf.faults[file] = _trickle
    updater = ReleaseUpdater(terminal.data, shelf.url, lambda: Fetcher(None, patience))
    began = time.monotonic()
    with pytest.raises(Unreachable, match=r"too slow|too long"):
        updater.refresh()
    assert time.monotonic() - began < 5
    assert terminal.folders == ["1", "current"]


def test_a_packed_answer_is_not_unpacked(shelf: Shelf, terminal: Terminal) -> None:
    """What is compressed on the way only (Content-Encoding) is not what was signed, and could be a bomb."""

    def packed(request: Handler) -> None:
        assert request.headers["Accept-Encoding"] == "identity"
        request.send_response(200)
        content = b"\x1f\x8b" + bytes(50)
        request.send_header("Content-Encoding", "gzip")
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    shelf.release()
    shelf.faults["timestamp.json"] = packed
    refused(terminal, "DeserializationError|RepositoryError")


def test_the_timestamp_of_a_later_time_is_taken_by_the_next(terminal: Terminal, workshop: Workshop) -> None:
    """After all these refusals: what is new and true is taken."""
    workshop.change("timestamp", nothing)
    assert terminal.refresh() is None
    kept = terminal.data / "releases" / "metadata" / "timestamp.json"
    assert (
        Metadata[Timestamp].from_bytes(kept.read_bytes()).signed.version == workshop.newest("timestamp").signed.version
    )
