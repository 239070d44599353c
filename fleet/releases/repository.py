"""The TUF repository (python-tuf Metadata API): consistent snapshots, one delegated role a department.

Order of writing is the order of trust reversed: targets, departments, targets metadata, snapshot, and the timestamp
last, so that a terminal that looks in between sees the whole old release or the whole new one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization.json import JSONSerializer

from contract.releases import BUNDLE, RELEASE
from fleet.data_folder import write_public
from fleet.releases.keys import TOP_ROLES, RoleKeys, department_role
from fleet.releases.packs import Packs

#: Root and targets change with releases; they are signed anew before they end.
LONG = timedelta(days=365)
SNAPSHOT = timedelta(days=90)
#: What ends sooner than this is signed anew: a month for somebody to notice that it is not.
RENEW_BEFORE = timedelta(days=30)
#: How long a terminal may be fed an old release without noticing; the running platform renews it every few hours.
TIMESTAMP = timedelta(days=7)


class ReleaseRepository:
    """The files under `folder`: `metadata/` and `targets/`; beside them `published/`, what packs are made from."""

    def __init__(self, folder: Path, keys: RoleKeys) -> None:
        self._metadata = folder / "metadata"
        self._targets = folder / "targets"
        self._packs = Packs(folder / "published", self._targets)
        self._keys = keys

    def create(self, now: datetime) -> None:
        """Make the root and an empty first set of metadata."""
        root = Root(expires=_ahead(now, LONG), consistent_snapshot=True)
        for role in TOP_ROLES:
            root.add_key(self._keys.signer(role).public_key, role)
        self._write("root", Metadata(root), f"{root.version}.root.json")
        self._targets.mkdir(parents=True, exist_ok=True)
        self._publish_targets(Targets(expires=_ahead(now, LONG)), Snapshot(meta={}), 1, now)

    @property
    def first_root(self) -> bytes:
        """The trust a terminal is enrolled with: 1.root.json."""
        return (self._metadata / "1.root.json").read_bytes()

    def publish(
        self, files: Mapping[str, bytes], departments: list[str], now: datetime, version: int | None = None
    ) -> None:
        """Make `files` (by target path) the release; paths under `<dept_code>/` are signed by that department.

        With its `version`, a bundle of it and patches from the last releases are published, too.
        """
        with self._keys.alone():
            packs = {} if version is None else self._packs.make(version, files)
            self._publish(files, packs, departments, now)
            if version is not None:
                self._packs.clean()

    def renew(self, now: datetime) -> None:
        """Sign that the present release is still the newest, and anew whatever would run out soon.

        To be called every few hours; without it terminals refuse the release after `TIMESTAMP`.
        """
        with self._keys.alone():
            self._renew_root(now)
            snapshot = Metadata[Snapshot].from_bytes(self._newest("snapshot")).signed
            renewed = [name for name in snapshot.meta if self._renew_targets(name.removesuffix(".json"), snapshot, now)]
            if renewed or _ends_soon(snapshot.expires, now):
                snapshot.version += 1
                self._write_snapshot(snapshot, now)
            self._write_timestamp(snapshot.version, now)

    def newest(self) -> dict[str, bytes]:
        """What a terminal needs of the newest release, by path: all roots, the metadata, release.json and the bundle.

        Of a release too large for a bundle every file. The timestamp stands last.
        """
        with self._keys.alone():
            snapshot = Metadata[Snapshot].from_bytes(self._newest("snapshot")).signed
            signed = {name.removesuffix(".json"): meta.version for name, meta in snapshot.meta.items()}
            names = [path.name for path in self._metadata.glob("*.root.json")]
            names += [f"{version}.{role}.json" for role, version in signed.items()]
            names += [f"{snapshot.version}.snapshot.json"]
            top = Metadata[Targets].from_bytes(self._newest("targets")).signed
            targets = dict(top.targets)
            if BUNDLE in targets:
                targets = {name: target for name, target in targets.items() if name in (RELEASE, BUNDLE)}
            else:
                for role in top.delegations.roles if top.delegations and top.delegations.roles else ():
                    targets |= Metadata[Targets].from_bytes(self._newest(role)).signed.targets
            files = {f"targets/{_kept_as(path, target.hashes['sha256'])}" for path, target in targets.items()}
            paths = [*sorted(files), *(f"metadata/{name}" for name in names), "metadata/timestamp.json"]
            return {path: (self._metadata.parent / path).read_bytes() for path in paths}

    def _renew_root(self, now: datetime) -> None:
        version = max(int(path.name.split(".")[0]) for path in self._metadata.glob("*.root.json"))
        root = Metadata[Root].from_bytes((self._metadata / f"{version}.root.json").read_bytes()).signed
        if _ends_soon(root.expires, now):
            root.version, root.expires = version + 1, _ahead(now, LONG)
            self._write("root", Metadata(root), f"{root.version}.root.json")

    def _renew_targets(self, role: str, snapshot: Snapshot, now: datetime) -> bool:
        targets = Metadata[Targets].from_bytes(self._newest(role)).signed
        if not _ends_soon(targets.expires, now):
            return False
        targets.version, targets.expires = targets.version + 1, _ahead(now, LONG)
        self._write(role, Metadata(targets), f"{targets.version}.{role}.json")
        snapshot.meta[f"{role}.json"] = MetaFile(version=targets.version)
        return True

    def _publish(
        self, files: Mapping[str, bytes], packs: Mapping[str, bytes], departments: list[str], now: datetime
    ) -> None:
        snapshot = Metadata[Snapshot].from_bytes(self._newest("snapshot")).signed
        targets = Metadata[Targets].from_bytes(self._newest("targets")).signed
        top = Targets(version=targets.version + 1, expires=_ahead(now, LONG), delegations=Delegations({}, {}))
        assert top.delegations is not None and top.delegations.roles is not None
        for path, content in {**files, **packs}.items():
            self._write_target(path, content)
        top.targets = _signed({path: content for path, content in files.items() if "/" not in path} | dict(packs))
        for code in departments:
            role = department_role(code)
            top.delegations.roles[role] = DelegatedRole(
                role, [], 1, terminating=True, paths=[f"{code}/*", f"{code}/*/*"]
            )
            top.add_key(self._keys.signer(role).public_key, role)
            own = _signed({path: content for path, content in files.items() if path.startswith(f"{code}/")})
            self._publish_department(role, own, snapshot, now)
        self._publish_targets(top, snapshot, snapshot.version + 1, now)

    def _publish_department(self, role: str, own: dict[str, TargetFile], snapshot: Snapshot, now: datetime) -> None:
        """Sign what a department has; what it signed before stands where nothing changed, and terminals keep it."""
        known = snapshot.meta.get(f"{role}.json")
        if known is not None:
            present = Metadata[Targets].from_bytes(self._newest(role))
            mine = self._keys.signer(role).public_key.keyid in present.signatures
            if mine and present.signed.targets == own and not _ends_soon(present.signed.expires, now):
                return
        signed = Targets(version=known.version + 1 if known else 1, expires=_ahead(now, LONG))
        signed.targets = own
        snapshot.meta[f"{role}.json"] = MetaFile(version=signed.version)
        self._write(role, Metadata(signed), f"{signed.version}.{role}.json")

    def _publish_targets(self, targets: Targets, snapshot: Snapshot, version: int, now: datetime) -> None:
        self._write("targets", Metadata(targets), f"{targets.version}.targets.json")
        snapshot.meta["targets.json"] = MetaFile(version=targets.version)
        snapshot.version = version
        self._write_snapshot(snapshot, now)
        self._write_timestamp(version, now)

    def _write_snapshot(self, snapshot: Snapshot, now: datetime) -> None:
        snapshot.expires = _ahead(now, SNAPSHOT)
        self._write("snapshot", Metadata(snapshot), f"{snapshot.version}.snapshot.json")

    def _write_timestamp(self, snapshot_version: int, now: datetime) -> None:
        path = self._metadata / "timestamp.json"
        old = Metadata[Timestamp].from_bytes(path.read_bytes()).signed.version if path.exists() else 0
        snapshot = MetaFile(version=snapshot_version)
        timestamp = Timestamp(version=old + 1, expires=_ahead(now, TIMESTAMP), snapshot_meta=snapshot)
        self._write("timestamp", Metadata(timestamp), "timestamp.json")

    def _newest(self, role: str) -> bytes:
        timestamp = Metadata[Timestamp].from_bytes((self._metadata / "timestamp.json").read_bytes()).signed
        name = f"{timestamp.snapshot_meta.version}.snapshot.json"
        content = (self._metadata / name).read_bytes()
        if role == "snapshot":
            return content
        snapshot = Metadata[Snapshot].from_bytes(content).signed
        return (self._metadata / f"{snapshot.meta[f'{role}.json'].version}.{role}.json").read_bytes()

    def _write(
        self, role: str, metadata: Metadata[Root] | Metadata[Targets] | Metadata[Snapshot] | Metadata[Timestamp],
        name: str,
    ) -> None:  # fmt: skip
        metadata.sign(self._keys.signer(role))
        write_public(self._metadata / name, metadata.to_bytes(JSONSerializer(compact=True)))

    def _write_target(self, path: str, content: bytes) -> None:
        file = self._targets / _kept_as(path, sha256(content).hexdigest())
        # most files of a release are those of the one before, and each that is written is brought to the disk
        if not file.exists() or file.read_bytes() != content:
            write_public(file, content)


def _kept_as(path: str, digest: str) -> str:
    """Where the target `path` lies: consistent snapshots have the hash before the name."""
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}{digest}.{name}"


def _signed(files: Mapping[str, bytes]) -> dict[str, TargetFile]:
    return {path: TargetFile.from_data(path, content, ["sha256"]) for path, content in files.items()}


def _ends_soon(expires: datetime, now: datetime) -> bool:
    return expires - now < RENEW_BEFORE


def _ahead(now: datetime, lifetime: timedelta) -> datetime:
    return (now.astimezone(UTC) + lifetime).replace(microsecond=0)
