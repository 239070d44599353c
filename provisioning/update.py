"""A release by USB stick: the same signatures, checks and installer as over the network."""

from __future__ import annotations

import time
from pathlib import Path

from offline_cache.clock import Clock
from offline_cache.errors import CacheError, CacheFull, ReleaseRefused, Unreachable
from offline_cache.facts import Facts
from offline_cache.releases import ReleaseUpdater
from offline_cache.releases.stick import ADDRESS, StickFetcher
from offline_cache.store import Store
from provisioning.errors import NotEnrolled, NotUpdated
from provisioning.terminal_folder import TerminalFolder


def update(data: Path, stick: Path) -> tuple[int, bool]:
    """Install the release on the stick if it is newer; the version in use, and whether it is new.

    Raises NotEnrolled, and NotUpdated with the reason: the old release stays then.
    """
    if not TerminalFolder(data).enrolled:
        raise NotEnrolled(data)
    updater = ReleaseUpdater(data, ADDRESS, lambda: StickFetcher(stick))
    try:
        updater.check()
        new = updater.refresh(_now(data))
    except Unreachable as error:
        raise NotUpdated(f"{error}; nothing was changed. Put the stick in again and repeat") from None
    except ReleaseRefused as error:
        reason = f"the release on the stick is refused: {error}; nothing was changed"
        raise NotUpdated(f"{reason}. Ask an operator to write it anew: kiosk-fleet export-release") from None
    except CacheFull:
        raise NotUpdated("the terminal's disk is full; nothing was changed") from None
    except CacheError as error:
        raise NotUpdated(str(error)) from None
    return updater.current_version(), new is not None


def _now(data: Path) -> float:
    """The terminal's clock, or the later time it knows from the platform."""
    now = time.time()
    if not (data / "store.db").exists():
        return now
    try:
        store = Store(data / "store.db")
    except CacheError:
        # damaged, or in the agent's hands: a release can be mended all the same
        return now
    try:
        return max(now, Clock(Facts(store)).now())
    finally:
        store.close()
