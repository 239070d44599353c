"""Enrolment: the key is made here, the platform is checked, the voucher is spent, the folder is written."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from contract.terminals import TerminalProfile
from offline_cache.errors import CacheError
from offline_cache.outbox import Outbox
from offline_cache.store import Store
from provisioning.device_key import certificate_request, create_key, read_key
from provisioning.errors import AlreadyEnrolled, DevicesUnreadable, FolderUnusable, NotEnrolled, Undelivered
from provisioning.platform import Platform, fetch_authority
from provisioning.terminal_folder import TerminalFolder, write_whole
from provisioning.voucher import Voucher


@dataclass(frozen=True)
class Enrolled:
    """A terminal in service: who it is and until when its certificate holds."""

    profile: TerminalProfile
    certificate_expires_at: datetime


def enrol(data: Path, server: str, voucher: Voucher, devices: Path | None, *, again: bool = False) -> Enrolled:
    """Make `data` the folder of the terminal that `voucher` names.

    The old folder stays as it was until everything is fetched. Raises ProvisioningError of any kind.
    """
    folder = TerminalFolder(data)
    if folder.enrolled and not again:
        raise AlreadyEnrolled(data)
    _refuse_to_strand(folder, voucher)
    device_list = _read_devices(devices) if devices else None
    authority = fetch_authority(server, voucher)
    try:
        fresh = folder.begin()
        (fresh / "ca.crt").write_bytes(authority.public_bytes(Encoding.PEM))
        key = create_key(fresh / "device.key")
        platform = Platform(server, fresh)
        certificate = platform.enrol(voucher, certificate_request(key, voucher.terminal_id))
        (fresh / "device.crt").write_bytes(certificate.public_bytes(Encoding.PEM))
        profile, root = platform.profile(), platform.trust_root()
        folder.take_pki(fresh)
        folder.take_trust(root)
        if device_list is not None:
            write_whole(folder.devices, device_list)
        folder.write_settings(profile, server)
    except OSError as error:
        raise FolderUnusable(data, error.strerror or type(error).__name__) from None
    return Enrolled(profile, certificate.not_valid_after_utc)


def renew(data: Path) -> datetime:
    """Fetch the next certificate with the present one and the same key; until when the new one holds.

    Raises NotEnrolled, ServerUnreachable, Refused, BadAnswer.
    """
    folder = TerminalFolder(data)
    try:
        server = tomllib.loads(folder.settings.read_text(encoding="utf-8"))["fleet"]["url"]
        key = read_key(folder.pki / "device.key")
        present = x509.load_pem_x509_certificate((folder.pki / "device.crt").read_bytes())
    except (OSError, ValueError, KeyError):
        raise NotEnrolled(data) from None
    name = str(present.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value)
    certificate = Platform(server, folder.pki).renew(certificate_request(key, name))
    try:
        write_whole(folder.pki / "device.crt", certificate.public_bytes(Encoding.PEM))
    except OSError as error:
        raise FolderUnusable(data, error.strerror or type(error).__name__) from None
    return certificate.not_valid_after_utc


def _refuse_to_strand(folder: TerminalFolder, voucher: Voucher) -> None:
    """A machine that becomes another terminal must not take along what its citizens submitted."""
    database = folder.root / "store.db"
    if not database.exists() or _same_terminal(folder, voucher):
        return
    try:
        store = Store(database)
    except CacheError as error:
        raise FolderUnusable(folder.root, str(error)) from None
    waiting = sum(Outbox(store).counts())
    store.close()
    if waiting:
        raise Undelivered(waiting)


def _same_terminal(folder: TerminalFolder, voucher: Voucher) -> bool:
    try:
        terminal_id = tomllib.loads(folder.settings.read_text(encoding="utf-8"))["terminal"]["id"]
        authority = x509.load_pem_x509_certificate((folder.pki / "ca.crt").read_bytes())
    except (OSError, ValueError, KeyError):
        return False
    return (terminal_id, authority.fingerprint(hashes.SHA256()).hex()) == (voucher.terminal_id, voucher.fingerprint)


def _read_devices(path: Path) -> bytes:
    try:
        content = path.read_bytes()
        tomllib.loads(content.decode())
    except (OSError, ValueError):
        raise DevicesUnreadable(path) from None
    return content
