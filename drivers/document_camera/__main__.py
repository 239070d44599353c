"""For technicians: python -m drivers.document_camera status|scan --url URL [--out FILE.jpg] [--timeout 10] [--json]

scan writes one frame. Addresses: drivers/video_address.py. Exit 0 done, 1 device fault, 2 wrong use.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

import cv2

from drivers.command_line import DONE, FAULT, WRONG_USE, json_option, parser, say, say_status, seconds
from drivers.document_camera.device import DocumentCamera, camera_status
from drivers.errors import CameraDark, CameraError, CameraFrozen, ConfigError
from drivers.status import DeviceState, DeviceStatus

# One look at a camera waits no longer than this; --timeout may be longer, for one that comes back.
_LOOK = 3.0
_PAUSE = 0.3


def _end_after(seconds: float, as_json: bool) -> None:
    """A native call cannot be broken off: then the process is."""

    def end() -> None:
        say_status(DeviceStatus(DeviceState.OFFLINE, "no-answer"), as_json, result="failed")
        os._exit(FAULT)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()


def _scan(camera: DocumentCamera, out: Path, deadline: float, as_json: bool) -> int:
    """Write the first good frame; a dark or frozen picture is told at once, a camera that is away may come back."""
    while True:
        try:
            with camera:
                image = camera.read(min(_LOOK, max(0.5, deadline - time.monotonic()))).image
            break
        except CameraError as error:
            if isinstance(error, CameraDark | CameraFrozen) or time.monotonic() + _PAUSE > deadline:
                return say_status(camera_status(error), as_json, result="failed")
            time.sleep(_PAUSE)
    try:
        written = cv2.imwrite(str(out), image)
    except cv2.error:
        say({"result": "wrong-use", "detail": "--out must end in .jpg or .png"}, as_json)
        return WRONG_USE
    if not written:
        say({"result": "wrong-use", "detail": "--out cannot be written"}, as_json)
        return WRONG_USE
    say({"result": "scanned", "out": str(out), "width": image.shape[1], "height": image.shape[0]}, as_json)
    return DONE


def main() -> int:
    """Run the command line."""
    arguments = parser("document_camera", __doc__)
    arguments.add_argument("command", choices=("status", "scan"))
    arguments.add_argument("--url", required=True)
    arguments.add_argument("--out", type=Path, help="a .jpg or .png file")
    arguments.add_argument("--timeout", type=seconds, default=3.0, help="seconds to wait for a good frame")
    json_option(arguments)
    options = arguments.parse_args()
    if options.command == "scan" and not options.out:
        arguments.error("scan needs --out")
    try:
        camera = DocumentCamera(options.url)
    except ConfigError as error:
        say({"result": "wrong-use", "detail": error.detail}, options.json)
        return WRONG_USE
    # opening, reading and a native read's own end come on top
    _end_after(options.timeout + 3 * _LOOK, options.json)
    if options.command == "status":
        return say_status(camera.check(), options.json)
    return _scan(camera, options.out, time.monotonic() + options.timeout, options.json)


if __name__ == "__main__":
    sys.exit(main())
