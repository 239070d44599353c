"""For technicians: python -m drivers status|watch devices.toml [--json]

status asks every device that the file names and prints one snapshot. watch goes on asking, every two seconds, and
prints a line for each fault that begins or is over: pull a cable, open a cover, and see.
Exit 0 all can work, 1 one cannot, 2 wrong use (also: a file that cannot be understood).
"""

from __future__ import annotations

import contextlib
import sys
import time
from pathlib import Path

from drivers.command_line import DONE, FAULT, json_option, parser, say, seconds
from drivers.errors import ConfigError
from drivers.fault_log import FaultBegan
from drivers.manager import HEALTH_TIMEOUT, NOT_DECLARED, Devices, load
from drivers.status import DeviceStatus

WATCH_EVERY = 2.0


def _status(devices: Devices, timeout: float, as_json: bool) -> int:
    health = {name: status for name, status in devices.health(timeout, fresh=True).items() if _is_there(status)}
    if as_json:
        say({name: {"usable": status.usable, **status.report()} for name, status in health.items()}, as_json)
    else:
        for name, status in health.items():
            known = ", ".join(f"{part} {value}".rstrip() for part, value in status.report().items())
            print(f"{'ok     ' if status.usable else 'trouble'} {name}: {known}", flush=True)
    return DONE if all(status.usable for status in health.values()) else FAULT


def _is_there(status: DeviceStatus) -> bool:
    return status.detail != NOT_DECLARED


def _watch(devices: Devices, timeout: float, as_json: bool) -> int:
    devices.watch()
    while True:
        devices.health(timeout)
        for change in devices.changes():
            began = isinstance(change, FaultBegan)
            fault = change.fault
            values = {"device": fault.device, "code": fault.code, "severity": fault.severity, "began": began}
            if as_json:
                say(values, as_json)
            else:
                print(f"{fault.device}: {fault.code} {'began' if began else 'is over'}", flush=True)
        time.sleep(WATCH_EVERY)


def main() -> int:
    """Run the command line."""
    line = parser("", __doc__)
    line.prog = "python -m drivers"
    commands = line.add_subparsers(dest="command", required=True)
    for name in ("status", "watch"):
        command = commands.add_parser(name)
        command.add_argument("file", type=Path, metavar="devices.toml")
        command.add_argument("--timeout", type=seconds, default=HEALTH_TIMEOUT, metavar="SECONDS")
        json_option(command)
    options = line.parse_args()
    try:
        devices = load(options.file)
    except ConfigError as error:
        line.error(error.detail)
    with contextlib.suppress(KeyboardInterrupt):
        return {"status": _status, "watch": _watch}[options.command](devices, options.timeout, options.json)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
