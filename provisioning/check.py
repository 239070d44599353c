"""The check of a terminal's folder: what is there, until when it holds, and what a technician should mend."""

from __future__ import annotations

import stat
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root

from offline_cache.scratch import swap_on_disk
from provisioning.deliveries import deliveries
from provisioning.device_key import read_key
from provisioning.devices import device_states
from provisioning.errors import ProvisioningError
from provisioning.terminal_folder import TerminalFolder

#: A certificate holds 7 days and is renewed daily; with less than this left, renewal has been failing.
RENEWAL_OVERDUE = timedelta(days=3)


def check(data: Path, now: datetime | None = None) -> dict[str, Any]:
    """What is there. `problems` holds one plain sentence for each thing to mend; `ok` is that there are none."""
    folder, problems = TerminalFolder(data), list[str]()
    now = now or datetime.now(UTC)
    found = {
        "data": str(data),
        "terminal": _terminal(folder, problems),
        "certificate": _certificate(folder, problems, now),
        "trust_root": _trust_root(folder, problems, now),
        "release": _release(folder),
        "devices": device_states(folder.devices, problems),
    }
    problems += [
        f"swap on {area}: what lies in memory can reach the disk; swapoff, or use zram" for area in swap_on_disk()
    ]
    _network(folder, problems)
    if folder.keys.exists() and stat.S_IMODE(folder.keys.stat().st_mode) != 0o700:
        problems.append(f"{folder.keys} can be entered by others: chmod 700 {folder.keys}")
    return {**found, "problems": problems, "ok": not problems}


def _terminal(folder: TerminalFolder, problems: list[str]) -> dict[str, str] | None:
    try:
        settings = tomllib.loads(folder.settings.read_text(encoding="utf-8"))
        return {**settings["terminal"], "fleet_url": settings["fleet"]["url"]}
    except FileNotFoundError:
        problems.append("this folder is not an enrolled terminal: kiosk-provision enrol")
    except (OSError, ValueError, KeyError):
        problems.append(f"{folder.settings} cannot be read: enrol again with kiosk-provision enrol --again")
    return None


def _certificate(folder: TerminalFolder, problems: list[str], now: datetime) -> dict[str, Any] | None:
    key_path = folder.pki / "device.key"
    try:
        certificate = x509.load_pem_x509_certificate((folder.pki / "device.crt").read_bytes())
        authority = x509.load_pem_x509_certificate((folder.pki / "ca.crt").read_bytes())
        key = read_key(key_path)
    except (OSError, ValueError):
        problems.append(f"key or certificates are missing from {folder.pki}: kiosk-provision enrol --again")
        return None
    if stat.S_IMODE(key_path.stat().st_mode) != 0o600:
        problems.append(f"{key_path} can be read by others: chmod 600 {key_path}")
    if not _belong(certificate, authority, key):
        problems.append("key, certificate and authority do not belong together: kiosk-provision enrol --again")
    expires_at = certificate.not_valid_after_utc
    if expires_at <= now:
        problems.append("the terminal's certificate has run out: kiosk-provision enrol --again with a new voucher")
    elif expires_at - now < RENEWAL_OVERDUE:
        problems.append("the terminal's certificate runs out soon: kiosk-provision renew")
    name = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    days = round((expires_at - now).total_seconds() / 86400, 1)
    return {"terminal_id": str(name), "expires_at": expires_at.isoformat(), "days_left": days}


def _belong(certificate: x509.Certificate, authority: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> bool:
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return certificate.public_key() == key.public_key()


def _trust_root(folder: TerminalFolder, problems: list[str], now: datetime) -> dict[str, Any] | None:
    try:
        root = Metadata[Root].from_bytes(folder.trust_root.read_bytes()).signed
    except (OSError, RepositoryError):
        problems.append(f"{folder.trust_root} is missing or broken: kiosk-provision enrol --again")
        return None
    return {"version": root.version, "expires_at": root.expires.isoformat()}


def _release(folder: TerminalFolder) -> str | None:
    """The folder of the release in use, which the sync agent switches; None before its first one."""
    current = folder.releases / "current"
    return current.resolve().name if current.exists() else None


def _network(folder: TerminalFolder, problems: list[str]) -> None:
    """What the sync agent, if it has run here, says is in the way."""
    if not (folder.root / "store.db").exists():
        return
    try:
        found = deliveries(folder.root)
    except ProvisioningError as error:
        problems.append(str(error))
        return
    if found["problem"]:
        problems.append(found["problem"])
    if found["parked"]:
        problems.append(f"{len(found['parked'])} deliveries are parked: kiosk-provision outbox")
