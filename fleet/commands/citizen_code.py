"""`citizen-code`: the stand-in for the citizen's phone, for demonstrations and tests."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import timedelta
from pathlib import Path

from contract.codes import Assurance
from fleet.commands.report import Report
from fleet.data_folder import DataFolder
from fleet.identity.citizen_codes import LIFETIME
from fleet.identity.people import person_of
from fleet.platform import Platform

HELP = "register a one-use citizen code and print its text (stand-in for the phone app)"


def arguments(parser: ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("--people", type=Path, required=True, help="JSON list of invented people")
    parser.add_argument("--number", required=True, help="ID number of one of them")
    parser.add_argument("--lifetime", type=float, default=LIFETIME.total_seconds(), help="seconds (60)")
    levels = [level.name.lower() for level in Assurance]
    parser.add_argument("--assurance", choices=levels, default="substantial", help="how sure it is (substantial)")
    parser.add_argument("--terminal", metavar="ID", help="the only terminal it is for (any)")


def run(options: Namespace) -> Report:
    """Raises CodeRefused when nobody has that number."""
    person = person_of(options.people, options.number)
    platform = Platform(DataFolder(options.data))
    assurance, lifetime = Assurance[options.assurance.upper()], timedelta(seconds=options.lifetime)
    text = platform.citizen_codes.create(person, assurance, lifetime, options.terminal)
    platform.close()
    return Report({"code": text}, [text])
