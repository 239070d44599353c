"""Files that forms name (lists, pictures), kept beside the database by their hash until a release carries them."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from fleet.data_folder import write_public
from fleet.errors import ReleaseRefused


class ResourceFolder:
    """The files under `folder`, each called by its SHA-256."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, contents: Iterable[bytes]) -> None:
        """Store them; what is there already is not written again."""
        for content in contents:
            path = self._folder / sha256(content).hexdigest()
            if not path.exists():
                write_public(path, content)

    def read(self, digest: str) -> bytes:
        """The file. Raises ReleaseRefused where it is not there or not what it was."""
        try:
            content = (self._folder / digest).read_bytes()
        except OSError:
            content = b""
        if sha256(content).hexdigest() != digest:
            raise ReleaseRefused("a file of a form is missing from the data folder; import the workbook again")
        return content
