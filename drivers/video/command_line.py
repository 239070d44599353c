"""The command line that cameras have in common: status, and one frame into a file."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import cv2

from drivers.command_line import DONE, FAULT, WRONG_USE, json_option, parser, say, say_status, seconds
from drivers.errors import CameraDark, CameraError, CameraFrozen, ConfigError
from drivers.status import DeviceState, DeviceStatus
from drivers.video.camera import Camera, camera_status

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


def _shot(camera: Camera, done: str, out: Path, deadline: float, as_json: bool) -> int:
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
    say({"result": done, "out": str(out), "width": image.shape[1], "height": image.shape[0]}, as_json)
    return DONE


def command_line(device: str, description: str | None, kind: type[Camera], verb: str, done: str) -> int:
    """Run it. `verb` writes a frame and tells `done` as its result."""
    arguments = parser(device, description)
    arguments.add_argument("command", choices=("status", verb))
    arguments.add_argument("--url", required=True)
    arguments.add_argument("--out", type=Path, help="a .jpg or .png file")
    arguments.add_argument("--timeout", type=seconds, default=3.0, help="seconds to wait for a good frame")
    json_option(arguments)
    options = arguments.parse_args()
    if options.command == verb and not options.out:
        arguments.error(f"{verb} needs --out")
    try:
        camera = kind(options.url)
    except ConfigError as error:
        say({"result": "wrong-use", "detail": error.detail}, options.json)
        return WRONG_USE
    # opening, reading and a native read's own end come on top
    _end_after(options.timeout + 3 * _LOOK, options.json)
    if options.command == "status":
        return say_status(camera.check(), options.json)
    return _shot(camera, done, options.out, time.monotonic() + options.timeout, options.json)
