"""`revoke`: shut a stolen or withdrawn terminal out at once."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from fleet.commands.report import Report
from fleet.data_folder import DataFolder
from fleet.enrolment import revoke
from fleet.platform import Platform

HELP = "revoke every certificate of a terminal"


def arguments(parser: ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("--terminal", required=True, metavar="ID", help="the terminal's id in the workbook")


def run(options: Namespace) -> Report:
    """Raises VoucherRefused for a terminal that is not known."""
    platform = Platform(DataFolder(options.data))
    count = revoke(platform.database, options.terminal)
    platform.close()
    return Report({"terminal": options.terminal, "revoked": count}, [f"{options.terminal}: {count} revoked"])
