"""For technicians: python -m drivers.document_camera status|scan --url URL [--out FILE.jpg] [--timeout 10] [--json]

scan writes one frame. Addresses: drivers/video/address.py. Exit 0 done, 1 device fault, 2 wrong use.
"""

from __future__ import annotations

import sys

from drivers.document_camera.device import DocumentCamera
from drivers.video.command_line import command_line


def main() -> int:
    """Run the command line."""
    return command_line("document_camera", __doc__, DocumentCamera, "scan", "scanned")


if __name__ == "__main__":
    sys.exit(main())
