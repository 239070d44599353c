"""TUF's fetcher over a folder: a USB stick that operators wrote (`kiosk-fleet export-release`)."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from tuf.api.exceptions import DownloadError, DownloadHTTPError
from tuf.ngclient import FetcherInterface

#: what an address in the folder begins with
ADDRESS = "stick:"
PIECE = 64 * 1024


class StickFetcher(FetcherInterface):
    """Reads plain files below `folder`, and follows no link: whatever the stick says, nothing else is read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _fetch(self, url: str) -> Iterator[bytes]:
        names = [unquote(name) for name in url.removeprefix(ADDRESS).strip("/").split("/")]
        if not self._folder.is_dir():
            raise DownloadError("the stick is not there")
        try:
            descriptor = self._open(names)
        except OSError:
            if not self._folder.is_dir():
                raise DownloadError("the stick is not there any more") from None
            raise DownloadHTTPError(f"{names[-1]} is not on the stick", 404) from None
        return self._pieces(descriptor)

    def _open(self, names: list[str]) -> int:
        """Raises OSError, also for what is no plain file, and for a name that leads out of the folder."""
        if any(name in ("", ".", "..") or "/" in name or "\0" in name for name in names):
            raise FileNotFoundError
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for name in names[:-1]:
                inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
                os.close(folder)
                folder = inner
            # without waiting for whoever would write into a pipe
            descriptor = os.open(names[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
        finally:
            os.close(folder)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise FileNotFoundError
        return descriptor

    @staticmethod
    def _pieces(descriptor: int) -> Iterator[bytes]:
        with os.fdopen(descriptor, "rb") as file:
            try:
                while piece := file.read(PIECE):
                    yield piece
            except OSError:
                raise DownloadError("the stick cannot be read any more") from None
