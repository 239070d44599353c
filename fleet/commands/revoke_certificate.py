"""`revoke-certificate`: a certificate that was issued and no longer holds (作废)."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime

from fleet.commands.report import Report
from fleet.data_folder import DataFolder
from fleet.errors import CodeRefused
from fleet.platform import Platform
from fleet.tables import IssuedCertificate

HELP = "revoke a certificate: the page that checks its code says so from now on"


def arguments(parser: ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("--number", required=True, help="as printed on it")


def run(options: Namespace) -> Report:
    """Raises CodeRefused for a number this platform did not issue."""
    platform = Platform(DataFolder(options.data))
    with platform.database.writing() as session:
        issued = session.get(IssuedCertificate, options.number)
        if issued is None:
            raise CodeRefused(f"no certificate {options.number} was issued here; look at the number again")
        issued.revoked_at = when = issued.revoked_at or datetime.now(UTC)
    platform.close()
    said = {"number": options.number, "revoked_at": when.isoformat()}
    return Report(said, [f"{options.number} is revoked; papers that are out still pass where nobody asks a network"])
