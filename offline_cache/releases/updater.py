"""Keeping the terminal's release new and whole: TUF alone decides what is true, and the old one stays until then."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from tuf.ngclient import FetcherInterface

from contract.releases import RELEASE
from offline_cache.errors import ReleaseRefused
from offline_cache.releases.building import Build
from offline_cache.releases.client import Client, told
from offline_cache.releases.fetcher import Fetcher
from offline_cache.releases.folder import Metadata, ReleaseFolder

log = logging.getLogger(__name__)


class ReleaseUpdater:
    """Keeps `data`/releases: a folder a release, `metadata/`, and the link `current`."""

    def __init__(self, data: Path, url: str, fetcher: Callable[[], FetcherInterface] | None = None) -> None:
        """`url` is the platform's; `fetcher` makes what fetches below it, HTTPS with the platform's CA by default."""
        self._folder = ReleaseFolder(data)
        self._url = url.rstrip("/")
        self._trust = data / "trust" / "root.json"
        self._fetcher = fetcher or (lambda: Fetcher(str(data / "pki" / "ca.crt")))
        #: the release in use is damaged, and there was none to fall back to
        self._repair = False
        #: SHA-256 of release.json of what is whole and yet cannot be read by the kiosk: not fetched again and again
        self._unreadable: set[str] = set()

    def current_version(self) -> int:
        """The installed release's version; 0 for none."""
        return self._folder.version

    def refresh(self, now: float | None = None) -> int | None:
        """Install the newest release if it is new; its version, or None when there is nothing newer.

        `now` (seconds since 1970) is the terminal's best knowledge of the time, its own clock by default. Raises
        Unreachable, ReleaseRefused, CacheFull, UpdateRunning; the current release stays then.
        """
        with told(), self._folder.alone():
            return self._refresh(self._latest(time.time() if now is None else now))

    def check(self, unreadable: str = "") -> str:
        """Read every byte of the release in use, and go back to the last good one where it is damaged.

        `unreadable` is the name of a release the kiosk says it cannot load. Says what was wrong, "" for nothing; the
        next `refresh` fetches what is damaged. What TUF has seen stays seen: this is no way back for a repository.
        Raises UpdateRunning, CacheFull.
        """
        with told(), self._folder.alone():
            return self._check(unreadable)

    def _refresh(self, now: float) -> int | None:
        metadata = Metadata(self._folder.path / "metadata")
        client = Client(
            metadata.folder,
            f"{self._url}/releases/metadata/",
            self._fetcher(),
            targets_url=f"{self._url}/releases/targets/",
            # the root given at enrolment is the anchor of every later one
            root=self._trust.read_bytes(),
            now=now,
        )
        metadata.ours()
        client.refresh()
        metadata.keep()
        about = client.get_targetinfo(RELEASE)
        if about is None:
            raise ReleaseRefused(f"the target {RELEASE} is missing")
        digest = about.hashes.get("sha256", "")
        if digest in self._unreadable or (digest == self._in_use() and not self._repair):
            return None
        part = self._folder.begin()
        build = Build(client, about, self._folder, part)
        try:
            release = build.fetch()
            if release.version == self._folder.version and self._signed() not in ("", digest):
                raise ReleaseRefused(f"it is another release {release.version} than the one that is installed")
            build.check(release)
            metadata.keep()
            name = self._folder.install(release.version, build.files)
        finally:
            self._folder.tidy()
        self._repair = False
        log.info("release %s is installed", name)
        return release.version

    def _check(self, unreadable: str) -> str:
        name = self._folder.current
        if not name:
            return ""
        fault = self._folder.fault(name)
        if not fault:
            if name != unreadable:
                return ""
            self._unreadable.add(self._in_use())
            fault = f"the terminal cannot load release {name}"
        self._repair = True
        for other in self._folder.names():
            if other != name and not self._folder.fault(other):
                self._folder.use(other)
                self._repair = False
                fault = f"{fault}; release {other} serves"
                break
        log.error("%s", fault)
        return fault

    def _in_use(self) -> str:
        """SHA-256 of the release.json in use; "" for none."""
        try:
            return sha256((self._folder.path / self._folder.current / RELEASE).read_bytes()).hexdigest()
        except OSError:
            return ""

    def _signed(self) -> str:
        """What it was when it was installed; "" where that is not known."""
        signed = self._folder.signed(self._folder.current) if self._folder.current else None
        return signed.hashes[RELEASE] if signed else ""

    def _latest(self, now: float) -> float:
        """Never before what is installed was published, which was signed: a dead battery's clock says 1970."""
        try:
            about = json.loads((self._folder.path / self._folder.current / RELEASE).read_bytes())
            return max(now, datetime.fromisoformat(about["published_at"]).timestamp())
        except (OSError, ValueError, KeyError, TypeError):
            return now
