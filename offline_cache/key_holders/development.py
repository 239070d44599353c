"""A key in a file (mode 600): whoever copies the disk has it. For development only, and it says so."""

from __future__ import annotations

import os
from pathlib import Path

from offline_cache.durable import remove_overwritten, write_private
from offline_cache.errors import KeyGone
from offline_cache.key_holders.holder import KEY_BYTES


class DevelopmentHolder:
    """Files `development.kek` (the first), `development.2.kek`, … in `folder`."""

    name = "development"
    for_service = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self, generation: int) -> bytes:
        """See KeyHolder."""
        key = os.urandom(KEY_BYTES)
        write_private(self._path(generation), key)
        return key

    def load(self, generation: int) -> bytes:
        """See KeyHolder."""
        try:
            key = self._path(generation).read_bytes()
        except FileNotFoundError:
            raise KeyGone(f"{self._path(generation)} is not there any more") from None
        if len(key) != KEY_BYTES:
            raise KeyGone(f"{self._path(generation)} is no key any more")
        return key

    def destroy(self, generation: int) -> None:
        """See KeyHolder."""
        remove_overwritten(self._path(generation))

    def _path(self, generation: int) -> Path:
        return self._folder / ("development.kek" if generation == 1 else f"development.{generation}.kek")
