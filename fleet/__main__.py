"""kiosk-fleet: the platform for operators."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from fleet.errors import FleetError

#: command -> its module in fleet.commands; only the one that is called is loaded, for some bring half the platform
COMMANDS = {
    "init": "init",
    "template": "template",
    "check": "check",
    "import": "import_workbook",
    "release": "release",
    "export-release": "export_release",
    "terminals": "terminals",
    "retry": "retry",
    "voucher": "voucher",
    "revoke": "revoke",
    "revoke-certificate": "revoke_certificate",
    "citizen-code": "citizen_code",
    "offline-code": "offline_code",
    "helper-code": "helper_code",
    "connectors": "connectors",
    "decide": "decide",
    "archive": "archive",
    "audit": "audit",
    "serve": "serve",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command: 0 done, 1 refused with the reason, 2 wrongly typed."""
    arguments = sys.argv[1:] if arguments is None else arguments
    called = arguments[:1] if arguments and arguments[0] in COMMANDS else COMMANDS
    parser = ArgumentParser(prog="kiosk-fleet", description="The platform of Bianmin terminals, for operators.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in called:
        command = import_module(f"fleet.commands.{COMMANDS[name]}")
        own = commands.add_parser(name, help=command.HELP, description=command.HELP)
        if getattr(command, "NEEDS_DATA", True):
            own.add_argument("--data", type=Path, required=True, metavar="DIR", help="the platform's data folder")
        own.add_argument("--json", action="store_true", help="answer in JSON")
        command.arguments(own)
        own.set_defaults(run=command.run)
    options = parser.parse_args(arguments)
    try:
        report = options.run(options)
    except FleetError as error:
        if options.json:
            print(json.dumps({"error": str(error)}, ensure_ascii=False))
        print(f"kiosk-fleet {options.command}: {error}", file=sys.stderr)
        return 1
    if options.command == "serve":
        return 0
    print(json.dumps(report.content, ensure_ascii=False) if options.json else "\n".join(report.lines))
    return 0 if report.succeeded else 1


if __name__ == "__main__":
    sys.exit(main())
