"""Building one release beside the one in use: with as few bytes over the wire as can be, each as it was signed."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from tuf.api.exceptions import DownloadError, LengthOrHashMismatchError, RepositoryError
from tuf.api.metadata import TargetFile

from contract.releases import BUNDLE, LARGEST_PACK, RELEASE, Release, SearchIndex, changed, laid_out, patch_name
from offline_cache import search
from offline_cache.errors import NoRelease, ReleaseRefused
from offline_cache.releases.client import MISSING, Client
from offline_cache.releases.folder import INDEX, SIGNED, FileHash, ReleaseFolder
from offline_cache.releases.installed import InstalledRelease
from offline_cache.releases.packs import BadPack, Pack

log = logging.getLogger(__name__)

#: bytes a request costs beside its answer: what several small files are weighed against one bundle with
REQUEST = 1000


class Build:
    """The release that `client` has verified, `about` its release.json, in the empty folder `part`."""

    def __init__(self, client: Client, about: TargetFile, folder: ReleaseFolder, part: Path) -> None:
        self._client = client
        self._folder = folder
        self._part = part
        self._about = about
        self._targets: dict[str, TargetFile] = {RELEASE: about}
        self._have: set[str] = set()
        self._release: Release | None = None

    def fetch(self) -> Release:
        """Every file of the release, each checked. Raises ReleaseRefused, and what python-tuf raises."""
        from_patch = self._try_patch()
        release = self._released()
        self._take_what_is_here()
        if not from_patch:
            self._fetch_missing()
        for name in self._missing():
            self._download(name)
        return release

    def check(self, release: Release) -> None:
        """That a terminal can use it: it reads, and its index finds. Raises ReleaseRefused."""
        index = SearchIndex.model_validate_json((self._part / "search.json").read_bytes())
        search.build(index, self._part / INDEX)
        try:
            items = InstalledRelease(self._part).items
        except NoRelease as error:
            raise ReleaseRefused(f"the release does not read: {error}") from None
        if {entry.task_code for entry in index.entries} != set(items):
            raise ReleaseRefused("what is searched is not what is offered")
        for item in items.values():
            named = [f"{item.form}.xml"] if item.form else []
            named += [f"{item.result.template}.typ"] if item.result else []
            for name in named:
                if f"{item.dept_code}/{name}" not in self._have:
                    raise ReleaseRefused(f"{name}, which {item.task_code} names, is not in the release")
        self._check_index(len(index.entries))

    @property
    def files(self) -> dict[str, FileHash]:
        """What was signed of each file."""
        return {name: FileHash(length=t.length, sha256=t.hashes["sha256"]) for name, t in self._targets.items()}

    # the ways a file comes

    def _try_patch(self) -> bool:
        """From the patch for the release in use, if there is one and it fits."""
        base = self._folder.signed(self._folder.current) if self._folder.current else None
        patch = self._client.get_targetinfo(patch_name(self._folder.version)) if base else None
        if base is None or patch is None:
            return False
        folder = self._folder.path / self._folder.current
        return self._try_pack(patch, base.hashes, lambda: _read(folder, laid_out(base.files)))

    def _fetch_missing(self) -> None:
        """All in one, or one by one, whichever is fewer bytes; where one way does not work, the other."""
        bundle = self._client.get_targetinfo(BUNDLE)
        missing = self._missing()
        if bundle and bundle.length < sum(self._targets[name].length + REQUEST for name in missing):
            self._try_pack(bundle, {}, lambda: b"")
            return
        try:
            for name in missing:
                self._download(name)
        except (DownloadError, LengthOrHashMismatchError) as error:
            if bundle is None or not _is_missing(error):
                raise
            self._try_pack(bundle, {}, lambda: b"")

    def _try_pack(self, target: TargetFile, old: dict[str, str], prefix: Callable[[], bytes]) -> bool:
        """Take from a pack what is not here yet. Whatever is wrong with it, the files themselves are still there."""
        packed = self._part / ".pack"
        try:
            before = prefix()
            if len(before) > LARGEST_PACK:
                raise BadPack("too large to unpack here")
            self._client.download_target(target, str(packed))
            self._unpack(Pack(packed.read_bytes(), before), old)
        except (DownloadError, RepositoryError, BadPack) as error:
            log.warning("%s is of no use: %s: %s", target.path, type(error).__name__, error)
            return False
        finally:
            packed.unlink(missing_ok=True)
        return True

    def _unpack(self, pack: Pack, old: dict[str, str]) -> None:
        content = pack.take(self._about)
        if RELEASE not in self._have:
            self._write(RELEASE, content)
        self._released()
        names = changed({name: target.hashes["sha256"] for name, target in self._targets.items()}, old)
        if sum(self._targets[name].length for name in names) > LARGEST_PACK:
            raise BadPack("too large to unpack here")
        for name in names:
            if name == RELEASE:
                continue
            content = pack.take(self._targets[name])
            if name not in self._have:
                self._write(name, content)
        pack.end()

    def _take_what_is_here(self) -> None:
        """What another release here has is not fetched again: copied, after its hash, so that none rests on another."""
        here: dict[str, list[Path]] = {}
        for name in self._folder.names():
            signed = self._folder.signed(name)
            for file, digest in signed.hashes.items() if signed else ():
                here.setdefault(digest, []).append(self._folder.path / name / file)
        files = self.files
        for name in self._missing():
            expected = files[name]
            for path in here.get(expected.sha256, []):
                try:
                    content = path.read_bytes()
                except OSError:
                    continue
                if expected.fits(content):
                    self._write(name, content)
                    break

    def _download(self, name: str) -> None:
        path = self._path(name)
        self._client.download_target(self._targets[name], str(path))
        self._have.add(name)

    # the release itself

    def _released(self) -> Release:
        """release.json, and what was signed of all it lists. Raises ReleaseRefused."""
        if self._release is None:
            if RELEASE not in self._have:
                self._download(RELEASE)
            release = Release.model_validate_json((self._part / RELEASE).read_bytes())
            needed = {"search.json", *(f"{department}/items.json" for department in release.departments)}
            if needed - set(release.targets):
                raise ReleaseRefused(f"the release does not list {sorted(needed - set(release.targets))}")
            if release.version < self._folder.version:
                older = f"release {release.version} is older than release {self._folder.version}, which is installed"
                raise ReleaseRefused(older)
            for name in release.targets:
                self._targets[name] = self._target(name)
            self._release = release
        return self._release

    def _target(self, name: str) -> TargetFile:
        parts = PurePosixPath(name).parts
        if not parts or name.startswith("/") or any(part.startswith(".") for part in parts) or name in (INDEX, SIGNED):
            raise ReleaseRefused(f"the target {name} has a forbidden name")
        target = self._client.get_targetinfo(name)
        if target is None:
            raise ReleaseRefused(f"the target {name} is missing")
        return target

    def _missing(self) -> list[str]:
        return [name for name in self._targets if name not in self._have]

    def _write(self, name: str, content: bytes) -> None:
        self._path(name).write_bytes(content)
        self._have.add(name)

    def _path(self, name: str) -> Path:
        path = self._part / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def _check_index(self, entries: int) -> None:
        try:
            db = sqlite3.connect(f"file:{self._part / INDEX}?mode=ro&immutable=1", uri=True)
            try:
                ((sound,),) = db.execute("pragma integrity_check(1)").fetchall()
                ((found,),) = db.execute("select count(*) from items").fetchall()
            finally:
                db.close()
        except sqlite3.Error as error:
            raise ReleaseRefused(f"the search index does not open: {error}") from None
        if sound != "ok" or found != entries:
            raise ReleaseRefused(f"the search index has {found} of {entries} items; it is {sound}")


def _read(folder: Path, names: list[str]) -> bytes:
    try:
        return b"".join((folder / name).read_bytes() for name in names)
    except OSError as error:
        raise BadPack(f"what it is made from cannot be read: {error.strerror}") from None


def _is_missing(error: Exception) -> bool:
    """Whether the file is not there or not as signed, rather than the line broken."""
    return not isinstance(error, DownloadError) or getattr(error, "status_code", 0) in MISSING
