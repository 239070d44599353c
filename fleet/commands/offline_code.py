"""`offline-code`: what the citizen's phone would show without a network, for demonstrations and tests."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fleet.commands.report import Report
from fleet.data_folder import DataFolder
from fleet.errors import CodeRefused
from fleet.identity.offline_codes import LIFETIME
from fleet.identity.people import person_of
from fleet.platform import Platform

HELP = "sign an offline code for a citizen and print its text (stand-in for the phone app)"


def arguments(parser: ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("--people", type=Path, required=True, help="JSON list of invented people")
    parser.add_argument("--number", required=True, help="ID number of one of them")
    parser.add_argument("--terminal", metavar="ID", help="the only terminal it is for (any)")
    parser.add_argument("--lifetime", type=float, default=LIFETIME.total_seconds(), help="seconds (600)")
    parser.add_argument("--issued-at", metavar="TIME", help="ISO 8601, UTC where it names no zone (now)")


def run(options: Namespace) -> Report:
    """Raises CodeRefused when nobody has that number, or for a time that is none."""
    person = person_of(options.people, options.number)
    issued_at = _time(options.issued_at) if options.issued_at else None
    platform = Platform(DataFolder(options.data))
    lifetime = timedelta(seconds=options.lifetime)
    text = platform.offline_codes.create(person, lifetime, options.terminal, issued_at)
    platform.close()
    return Report({"code": text}, [text])


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise CodeRefused(f"{text} is not a time; write it as 2026-11-22T09:30:00+08:00") from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)
