"""For technicians: python -m drivers.face_camera status|shot --url URL [--out FILE.jpg] [--timeout 10] [--json]

shot writes one frame, not mirrored: to see how the camera stands, of an empty place or of the technician; delete it
afterwards. Addresses: drivers/video/address.py. Exit 0 done, 1 device fault, 2 wrong use.
"""

from __future__ import annotations

import sys

from drivers.face_camera.device import FaceCamera
from drivers.video.command_line import command_line


def main() -> int:
    """Run the command line."""
    return command_line("face_camera", __doc__, FaceCamera, "shot", "taken")


if __name__ == "__main__":
    sys.exit(main())
