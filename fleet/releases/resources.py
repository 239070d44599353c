"""Files that forms name (lists, pictures), kept beside the database by their hash until a release carries them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from hashlib import sha256
from pathlib import Path

from fleet.data_folder import write_public
from fleet.errors import ReleaseRefused


class ResourceFolder:
    """The files under `folder`, each called by its SHA-256."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, contents: Iterable[bytes]) -> None:
        """Store them; what is there already is not written again. In a writing session that ends with their draft."""
        for content in contents:
            path = self._folder / sha256(content).hexdigest()
            if not path.exists():
                write_public(path, content)

    def keep_only(self, digests: Collection[str]) -> None:
        """Remove the others, and what a cut has left half written. In a writing session, so that no import is under
        way; a cut leaves some of the others, which the next call removes.
        """
        for path in self._folder.iterdir() if self._folder.is_dir() else ():
            if path.name not in digests:
                path.unlink(missing_ok=True)

    def read(self, digest: str) -> bytes:
        """The file. Raises ReleaseRefused where it is not there or not what it was."""
        try:
            content = (self._folder / digest).read_bytes()
        except OSError:
            content = b""
        if sha256(content).hexdigest() != digest:
            raise ReleaseRefused("a file of a form is missing from the data folder; import the workbook again")
        return content
