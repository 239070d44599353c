"""`init`: make a platform in an empty folder."""

from __future__ import annotations

import secrets
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from fleet.authority import create_authority
from fleet.commands.report import Report
from fleet.connectors.connected import read_connectors
from fleet.data_folder import DataFolder, write_private
from fleet.database import open_database
from fleet.errors import AlreadyInitialised, ConnectorsBroken
from fleet.platform import Platform
from fleet.releases.keys import RoleKeys
from fleet.releases.repository import ReleaseRepository

HELP = "create the database, the certificate authority and every key; once"
LOCAL_HOSTS = ["localhost", "127.0.0.1"]


def arguments(parser: ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("--host", action="append", default=[], help="a further name or address of the server")
    parser.add_argument(
        "--connectors", type=Path, metavar="FILE", help="connectors.toml to begin with (none connected)"
    )


def run(options: Namespace) -> Report:
    """Raises AlreadyInitialised when the folder holds a platform, ConnectorsBroken for a wrong file."""
    folder = DataFolder(options.data)
    if folder.database.exists() or folder.ca_certificate.exists():
        raise AlreadyInitialised(options.data)
    now = datetime.now(UTC)
    connectors = _connectors(options.connectors, folder.root)
    folder.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    for private in (folder.keys, folder.materials, folder.uploads, folder.documents, folder.nginx):
        private.mkdir(mode=0o700, exist_ok=True)
    create_authority(folder, LOCAL_HOSTS + options.host, now)
    ReleaseRepository(folder.releases, RoleKeys(folder.keys / "tuf")).create(now)
    write_private(folder.operator_token, secrets.token_urlsafe(32).encode() + b"\n")
    write_private(folder.connectors, connectors)
    open_database(folder.database).close()
    platform = Platform(folder)
    platform.close()
    fingerprint = platform.authority.fingerprint
    lines = [
        f"database              {folder.database}",
        f"certificate authority {folder.ca_certificate}",
        f"  SHA-256             {fingerprint}",
        f"server certificate    {folder.server_certificate} for {', '.join(LOCAL_HOSTS + options.host)}",
        f"release keys (TUF)    {folder.keys / 'tuf'}: root, targets, snapshot, timestamp",
        f"certificate codes     key {platform.certificate_key.public_key.id}",
        f"offline codes         key {platform.identity_key.public_key.id}",
        f"connectors            {folder.connectors}",
        f"seals believed        certificates of authorities in {folder.seal_authorities}",
        f"operator token        {folder.operator_token}",
        "next: kiosk-fleet import WORKBOOK",
    ]
    content = {
        "data": str(folder.root),
        "ca_certificate": str(folder.ca_certificate),
        "ca_sha256": fingerprint,
        "certificate_key": platform.certificate_key.public_key.id,
        "identity_key": platform.identity_key.public_key.id,
        "connectors_file": str(folder.connectors),
        "operator_token_file": str(folder.operator_token),
    }
    return Report(content, lines)


def _connectors(path: Path | None, data: Path) -> bytes:
    """What the data folder's own connectors.toml will say; paths in it are relative to that folder.

    Raises ConnectorsBroken for a file that cannot be read or understood."""
    if path is None:
        return files("fleet.connectors").joinpath("template.toml").read_bytes()
    if not path.is_file():
        raise ConnectorsBroken(f"{path} is not there")
    read_connectors(path, data)
    return path.read_bytes()
