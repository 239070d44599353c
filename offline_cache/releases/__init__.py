"""Releases on the terminal: fetched and verified with TUF, indexed, switched to in one step, read by the kiosk."""

from offline_cache.releases.installed import InstalledRelease
from offline_cache.releases.updater import ReleaseUpdater

__all__ = ["InstalledRelease", "ReleaseUpdater"]
