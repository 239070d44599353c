"""`serve`: run the platform until it is told to end."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace

from fleet.commands.report import Report
from fleet.data_folder import DataFolder
from fleet.serve import Served

HELP = "run the platform; prints one JSON line when it is ready and ends on SIGTERM"


def arguments(parser: ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("--port", type=int, default=0, help="port for terminals (0: a free one)")
    parser.add_argument("--operator-port", type=int, default=0, help="port for operators (0: a free one)")


def run(options: Namespace) -> Report:
    """Raises ServeFailed when nginx or the application does not start or ends by itself."""
    folder = DataFolder(options.data)
    served = Served(folder, options.port, options.operator_port)
    try:
        addresses = served.start()
        ready = {
            "url": addresses.url,
            "operator_url": addresses.operator_url,
            "operator_token_file": str(folder.operator_token.resolve()),
        }
        print(json.dumps(ready), flush=True)
        served.watch()
    finally:
        served.end()
    return Report({"ended": True})
