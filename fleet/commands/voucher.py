"""`voucher`: let one terminal enrol, once, within 24 hours."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from fleet.commands.report import Report
from fleet.data_folder import DataFolder
from fleet.enrolment import create_voucher
from fleet.platform import Platform

HELP = "print a one-time voucher that lets a terminal enrol within 24 hours"


def arguments(parser: ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("--terminal", required=True, metavar="ID", help="the terminal's id in the workbook")


def run(options: Namespace) -> Report:
    """Raises VoucherRefused for a terminal the workbook does not name."""
    platform = Platform(DataFolder(options.data))
    voucher = create_voucher(platform.database, platform.authority, options.terminal)
    platform.close()
    return Report({"voucher": voucher}, [voucher])
