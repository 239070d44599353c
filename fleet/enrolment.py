"""Who may become a terminal: vouchers, and the certificates given for them."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from fleet.authority import Authority, IssuedDevice
from fleet.database import Database
from fleet.errors import VoucherRefused
from fleet.tables import DeviceCertificate, Terminal, Voucher

#: A technician drives to the terminal the same or the next day.
VOUCHER_LIFETIME = timedelta(hours=24)


def create_voucher(database: Database, authority: Authority, terminal_id: str) -> str:
    """A voucher for `terminal_id` as one string: `<terminal>.<secret>.<SHA-256 of the CA certificate, hex>`.

    Only the secret's hash is kept. Raises VoucherRefused for a terminal the workbook does not name.
    """
    secret = secrets.token_urlsafe(24)
    with database.writing() as session:
        if session.get(Terminal, terminal_id) is None:
            raise VoucherRefused(
                f"no terminal {terminal_id}; add it to the sheet terminals of the workbook and import it first"
            )
        expires_at = datetime.now(UTC) + VOUCHER_LIFETIME
        session.add(Voucher(secret_sha256=_hash(secret), terminal_id=terminal_id, expires_at=expires_at))
    return f"{terminal_id}.{secret}.{authority.fingerprint}"


def enrol(database: Database, authority: Authority, terminal_id: str, secret: str, request: bytes) -> IssuedDevice:
    """The first certificate of a terminal, for a voucher that is used up by it.

    Raises VoucherRefused (wrong, used, expired) or EnrolmentRefused; then the voucher stays as it was.
    Certificates given to the same terminal before are revoked: its place has been taken by this machine.
    """
    now = datetime.now(UTC)
    with database.writing() as session:
        voucher = session.get(Voucher, _hash(secret))
        if voucher is None or voucher.terminal_id != terminal_id:
            raise VoucherRefused("this voucher is not known for this terminal; ask the operator for a new one")
        if voucher.used_at is not None:
            raise VoucherRefused("this voucher has been used; ask the operator for a new one")
        if voucher.expires_at <= now:
            raise VoucherRefused("this voucher is out of date (24 hours); ask the operator for a new one")
        issued = authority.sign_device(request, terminal_id, now)
        voucher.used_at = now
        earlier = update(DeviceCertificate).where(
            DeviceCertificate.terminal_id == terminal_id, DeviceCertificate.revoked_at.is_(None)
        )
        session.execute(earlier.values(revoked_at=now))
        session.add(_record(issued, terminal_id))
    return issued


def renew(database: Database, authority: Authority, terminal_id: str, request: bytes) -> IssuedDevice:
    """The next certificate of a terminal that proved itself with its present one; that one runs out by itself."""
    with database.writing() as session:
        issued = authority.sign_device(request, terminal_id, datetime.now(UTC))
        session.add(_record(issued, terminal_id))
    return issued


def revoke(database: Database, terminal_id: str) -> int:
    """Close the platform to every certificate of `terminal_id`; how many were open.

    Raises VoucherRefused for a terminal that is not known.
    """
    with database.writing() as session:
        if session.get(Terminal, terminal_id) is None:
            raise VoucherRefused(f"no terminal {terminal_id}; kiosk-fleet import names the terminals")
        open_ones = [DeviceCertificate.terminal_id == terminal_id, DeviceCertificate.revoked_at.is_(None)]
        found = session.scalars(select(DeviceCertificate).where(*open_ones)).all()
        for certificate in found:
            certificate.revoked_at = datetime.now(UTC)
        return len(found)


def terminal_of(database: Database, serial: str) -> str | None:
    """The terminal a certificate was given to; None when it is not ours or revoked."""
    with database.reading() as session:
        certificate = session.get(DeviceCertificate, serial)
        if certificate is None or certificate.revoked_at is not None:
            return None
        return certificate.terminal_id


def _record(issued: IssuedDevice, terminal_id: str) -> DeviceCertificate:
    return DeviceCertificate(
        serial=issued.serial,
        terminal_id=terminal_id,
        issued_at=issued.issued_at,
        expires_at=issued.expires_at,
    )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
