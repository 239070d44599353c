"""For technicians: python -m drivers.document_camera status|scan --url URL [--out FILE.jpg] [--json]

scan writes one frame. Exit 0 done, 1 device fault, 2 wrong use.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

import cv2

from drivers.document_camera.device import DocumentCamera, camera_status
from drivers.errors import CameraError


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m drivers.document_camera", description=__doc__)
    parser.add_argument("command", choices=("status", "scan"))
    parser.add_argument("--url", required=True)
    parser.add_argument("--out", help="a .jpg or .png file")
    parser.add_argument("--timeout", type=float, default=3.0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.command == "scan" and not options.out:
        parser.error("scan needs --out")
    camera = DocumentCamera(options.url)
    values: dict[str, object]
    if options.command == "status":
        status = camera.check()
        values, done = asdict(status), status.usable
    else:
        try:
            with camera:
                image = camera.read(options.timeout).image
            done = bool(cv2.imwrite(options.out, image))
            values = {"out": options.out, "width": image.shape[1], "height": image.shape[0]}
        except CameraError as error:
            values, done = asdict(camera_status(error)), False
        except cv2.error:
            parser.error("--out must end in .jpg or .png")
    print(json.dumps(values) if options.json else "\n".join(f"{k}: {v}" for k, v in values.items()))
    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main())
