"""`citizen-code`: the stand-in for the citizen's phone, for demonstrations and tests."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import timedelta
from pathlib import Path

from fleet.citizen_codes import LIFETIME, create_code
from fleet.commands.report import Report
from fleet.data_folder import DataFolder
from fleet.platform import Platform

HELP = "register a one-use citizen code and print its text (stand-in for the phone app)"


def arguments(parser: ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("--people", type=Path, required=True, help="JSON list of invented people")
    parser.add_argument("--number", required=True, help="ID number of one of them")
    parser.add_argument("--lifetime", type=float, default=LIFETIME.total_seconds(), help="seconds (60)")


def run(options: Namespace) -> Report:
    """Raises CodeRefused when nobody has that number."""
    platform = Platform(DataFolder(options.data))
    lifetime = timedelta(seconds=options.lifetime)
    text = create_code(platform.database, options.people, options.number, lifetime)
    platform.close()
    return Report({"code": text}, [text])
