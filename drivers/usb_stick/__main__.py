"""For technicians: python -m drivers.usb_stick status|list [--folder FOLDER] [--json]

list prints one line for each file that a citizen could choose. Exit 0 done, 1 no stick or a broken one, 2 wrong use.
"""

from __future__ import annotations

import sys

from drivers.command_line import DONE, FAULT, json_option, parser, say, say_status
from drivers.errors import DriverError
from drivers.usb_stick.device import UsbStick


def main() -> int:
    """Run the command line."""
    options = parser("usb_stick", __doc__)
    options.add_argument("command", choices=("status", "list"))
    options.add_argument("--folder", default="/run/bianmin/usb/stick", help="where the system mounts a stick")
    json_option(options)
    chosen = options.parse_args()
    stick = UsbStick(chosen.folder)
    if chosen.command == "status":
        return say_status(stick.check(), chosen.json)
    try:
        for file in stick.files():
            say({"name": file.name, "kind": file.kind, "size": file.size}, chosen.json)
    except DriverError as error:
        say({"result": "failed", "reason": error.code, "detail": error.detail}, chosen.json)
        return FAULT
    return DONE


if __name__ == "__main__":
    sys.exit(main())
