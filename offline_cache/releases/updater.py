"""Fetching a release: TUF alone decides what is true; the new one is whole before anything points to it."""

from __future__ import annotations

import errno
import logging
import os
import shutil
from pathlib import Path

from pydantic import ValidationError
from tuf.api.exceptions import DownloadError, DownloadHTTPError, DownloadLengthMismatchError, RepositoryError
from tuf.ngclient import Updater

from contract.items import DepartmentItems
from contract.releases import Release, SearchIndex
from offline_cache import search
from offline_cache.errors import CacheFull, ReleaseRefused, Unreachable
from offline_cache.releases.fetcher import Fetcher

log = logging.getLogger(__name__)

#: installed releases that are kept: the current one, the last good one, and one a long visit may still read
KEPT = 3
#: answers for a file that is not there, though the signed metadata names it
MISSING = (301, 302, 303, 307, 308, 403, 404, 410)


class ReleaseUpdater:
    """Keeps `data`/releases: `<version>/` folders, `metadata/`, and the link `current`."""

    def __init__(self, data: Path, url: str) -> None:
        self._folder = data / "releases"
        self._url = url.rstrip("/")
        self._trust = data / "trust" / "root.json"
        self._fetcher = Fetcher(str(data / "pki" / "ca.crt"))

    def refresh(self) -> int | None:
        """Install the newest release if it is new; its version, or None when there is nothing newer.

        Raises Unreachable, ReleaseRefused, CacheFull; the current release stays then.
        """
        try:
            return self._refresh()
        except DownloadLengthMismatchError as error:
            raise ReleaseRefused(f"a file is longer than signed: {error}") from None
        except DownloadError as error:
            if isinstance(error, DownloadHTTPError) and error.status_code in MISSING:
                raise ReleaseRefused(f"a file is missing: {error}") from None
            raise Unreachable(str(error)) from None
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            raise CacheFull("the disk is full") from None
        except (RepositoryError, ValidationError, ValueError) as error:
            raise ReleaseRefused(f"{type(error).__name__}: {error}") from None

    def _refresh(self) -> int | None:
        metadata = self._folder / "metadata"
        metadata.mkdir(parents=True, exist_ok=True)
        # the root given at enrolment is the anchor of every later one
        updater = Updater(
            str(metadata),
            f"{self._url}/releases/metadata/",
            target_base_url=f"{self._url}/releases/targets/",
            fetcher=self._fetcher,
            bootstrap=self._trust.read_bytes(),
        )
        updater.refresh()
        part = self._folder / "part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        try:
            release = Release.model_validate_json(self._download(updater, "release.json", part))
            if release.version <= self.current_version():
                return None
            self._complete(updater, release, part)
            _install(part, self._folder, release.version)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        log.info("release %d is installed", release.version)
        return release.version

    def current_version(self) -> int:
        """The installed release's version; 0 for none."""
        link = self._folder / "current"
        return int(os.readlink(link)) if link.is_symlink() else 0

    def _complete(self, updater: Updater, release: Release, part: Path) -> None:
        needed = {"search.json", *(f"{department}/items.json" for department in release.departments)}
        if needed - set(release.targets):
            raise ReleaseRefused(f"the release does not list {sorted(needed - set(release.targets))}")
        for name in release.targets:
            if name != "release.json":
                self._download(updater, name, part)
        for department in release.departments:
            DepartmentItems.model_validate_json((part / department / "items.json").read_bytes())
        index = SearchIndex.model_validate_json((part / "search.json").read_bytes())
        search.build(index, part / "search.db")

    @staticmethod
    def _download(updater: Updater, name: str, part: Path) -> bytes:
        target = updater.get_targetinfo(name)
        if target is None:
            raise ReleaseRefused(f"the target {name} is missing")
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise ReleaseRefused(f"the target {name} has a forbidden name")
        path = part / name
        path.parent.mkdir(parents=True, exist_ok=True)
        updater.download_target(target, str(path))
        return path.read_bytes()


def _install(part: Path, folder: Path, version: int) -> None:
    """Make the folder durable under its version, then switch the link; a cut leaves the old or the new, never half."""
    for path in [*part.rglob("*"), part]:
        _sync(path)
    target = folder / str(version)
    shutil.rmtree(target, ignore_errors=True)
    part.rename(target)
    _sync(folder)
    link = folder / "next"
    link.unlink(missing_ok=True)
    link.symlink_to(str(version))
    link.rename(folder / "current")
    _sync(folder)
    versions = sorted((int(p.name) for p in folder.iterdir() if p.name.isdigit()), reverse=True)
    for old in versions[KEPT:]:
        shutil.rmtree(folder / str(old))


def _sync(path: Path) -> None:
    """A file, or a folder's names, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
