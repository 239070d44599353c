"""`helper-code`: the stand-in for a helper's work app (帮办员工作码)."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import timedelta
from pathlib import Path

from fleet.commands.report import Report
from fleet.data_folder import DataFolder
from fleet.identity.helper_codes import LIFETIME, helper_of
from fleet.platform import Platform

HELP = "register a one-use work code of a helper and print its text"


def arguments(parser: ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("--helpers", type=Path, required=True, help="JSON list of helpers")
    parser.add_argument("--id", required=True, help="id of one of them")
    parser.add_argument("--lifetime", type=float, default=LIFETIME.total_seconds(), help="seconds (60)")


def run(options: Namespace) -> Report:
    """Raises CodeRefused when no helper has that id."""
    helper = helper_of(options.helpers, options.id)
    platform = Platform(DataFolder(options.data))
    text = platform.helper_codes.create(helper, timedelta(seconds=options.lifetime))
    platform.close()
    return Report({"code": text}, [text])
