"""`retry`: have a terminal try again what it has parked, once the reason is mended."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime

from fleet.commands.report import Report
from fleet.data_folder import DataFolder
from fleet.platform import Platform
from fleet.terminals import order_retry

HELP = "have a terminal try a parked delivery again, or all of them"


def arguments(parser: ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("terminal", metavar="TERMINAL", help="the terminal's id")
    parser.add_argument("entry", metavar="ENTRY", help="the id kiosk-fleet terminals names, or all")


def run(options: Namespace) -> Report:
    """Raises RetryRefused."""
    platform = Platform(DataFolder(options.data))
    order = order_retry(platform.database, options.terminal, options.entry, datetime.now(UTC))
    platform.close()
    content = {"order": str(order), "terminal": options.terminal, "entry": options.entry}
    return Report(content, [f"{options.terminal} tries {options.entry} again after its next heartbeat"])
