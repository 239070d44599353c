"""The parts of the running platform, put together once for each process."""

from __future__ import annotations

from functools import cached_property, lru_cache

from fleet.authority import Authority
from fleet.case_links import CaseLinks
from fleet.catalogue.catalogue import Catalogue
from fleet.connectors.connected import Connected, read_connectors
from fleet.cose import SigningKey
from fleet.data_folder import DataFolder
from fleet.database import Database, open_database
from fleet.documents import DocumentStore
from fleet.earlier_materials import EarlierMaterials
from fleet.identity.citizen_codes import CitizenCodes
from fleet.identity.device_grant import DeviceGrants
from fleet.identity.helper_codes import HelperCodes
from fleet.identity.offline_codes import OfflineCodes
from fleet.identity.phone_sessions import device_sessions
from fleet.identity.sealing import Seal
from fleet.identity.sms import SmsCodes
from fleet.phone_uploads import PhoneUploads
from fleet.releases.keys import RoleKeys
from fleet.releases.publishing import CodeKeys, newest_catalogue
from fleet.releases.repository import ReleaseRepository
from fleet.releases.resources import ResourceFolder
from fleet.releases.seal_authorities import read_seal_authorities
from fleet.saved import SavedApplications
from fleet.saved_sessions import saved_sessions
from fleet.uploads import UploadStore


class Platform:
    """The platform in `folder`, which `init` has made. Raises NotInitialised otherwise."""

    def __init__(self, folder: DataFolder) -> None:
        self.folder = folder.opened()
        self.database: Database = open_database(folder.database)
        self.authority = Authority(folder)
        self.repository = ReleaseRepository(folder.releases, RoleKeys(folder.keys / "tuf"))
        self.resources = ResourceFolder(folder.resources)
        self.certificate_key = SigningKey(folder.keys / "certificates.pem")
        self.archive_key = SigningKey(folder.keys / "archives.pem")
        self.identity_key = SigningKey(folder.keys / "identity.pem")
        self.seal = Seal(folder)
        self.citizen_codes = CitizenCodes(self.database, self.seal)
        self.offline_codes = OfflineCodes(self.database, self.seal, self.identity_key)
        self.helper_codes = HelperCodes(self.database, self.seal)
        self.sms_codes = SmsCodes(self.database, self.seal)
        self.device_grants = DeviceGrants(self.database, self.seal)
        self.device_sessions = device_sessions(self.database, self.seal)
        self.phone_uploads = PhoneUploads(self.database)
        self.saved = SavedApplications(self.database, self.seal)
        self.saved_sessions = saved_sessions(self.database)
        self.uploads = UploadStore(self.database, folder)
        self.earlier_materials = EarlierMaterials(self.database, self.seal, self.uploads)
        self.receipt_links = CaseLinks(self.seal, "receipt-link")
        self.documents = DocumentStore(self.database, folder.documents, self.seal)
        self.operator_token = folder.operator_token.read_text(encoding="ascii").strip()
        self._released = lru_cache(maxsize=8)(self._read_release)

    @property
    def code_keys(self) -> CodeKeys:
        """What a release tells terminals to check codes and seals with.

        Raises ReleaseRefused for a bad trust list, ConnectorsBroken for a bad connectors.toml.
        """
        _ = self.connectors  # the sample city's put their own authorities on the list when they are first read
        seals = tuple(read_seal_authorities(self.folder.seal_authorities))
        return CodeKeys(self.certificate_key.public_key, self.identity_key.public_key, seals)

    @cached_property
    def connectors(self) -> Connected:
        """The city's own services. Raises ConnectorsBroken when connectors.toml cannot be understood."""
        return read_connectors(self.folder.connectors)

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
