"""The parts of the running platform, put together once for each process."""

from __future__ import annotations

from functools import lru_cache

from fleet.authority import Authority
from fleet.catalogue.catalogue import Catalogue
from fleet.certificates import CertificateSigner
from fleet.data_folder import DataFolder
from fleet.database import Database, open_database
from fleet.releases.keys import RoleKeys
from fleet.releases.publishing import newest_catalogue
from fleet.releases.repository import ReleaseRepository
from fleet.uploads import UploadStore


class Platform:
    """The platform in `folder`, which `init` has made. Raises NotInitialised otherwise."""

    def __init__(self, folder: DataFolder) -> None:
        self.folder = folder.opened()
        self.database: Database = open_database(folder.database)
        self.authority = Authority(folder)
        self.repository = ReleaseRepository(folder.releases, RoleKeys(folder.keys / "tuf"))
        self.signer = CertificateSigner(folder)
        self.uploads = UploadStore(self.database, folder)
        self.operator_token = folder.operator_token.read_text(encoding="ascii").strip()
        self._released = lru_cache(maxsize=8)(self._read_release)

    def release(self, version: int) -> Catalogue | None:
        """What release `version` said; None when there was none."""
        catalogue = self._released(version)
        if catalogue is None:
            self._released.cache_clear()
        return catalogue

    def close(self) -> None:
        """Give back the database."""
        self.database.close()

    def _read_release(self, version: int) -> Catalogue | None:
        return newest_catalogue(self.database, version)
