"""The worker for a scanner's page: `python -m kiosk.documents.scanner_worker`, started by `page_of` alone.

page_of -> worker   {"kind": "scan", "dpi": n, "fed": bool, "mode": …} + JPEG
worker -> page_of   {"kind": "page", …} + JPEG or PNG · {"kind": "refused", "reason": …}

It writes no file, and ends with the one answer.
"""

from __future__ import annotations

import os
import resource

import cv2
import numpy as np

from kiosk import worker_messages
from kiosk.documents.scan_results import ColourMode, ScanRefused
from kiosk.documents.scanner_page import scanned
from offline_cache.crash_dumps import forbid_crash_dumps


def main() -> None:
    """Answer for the picture on standard input; without an answer where it is none."""
    forbid_crash_dumps()
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    # the answer keeps the pipe to itself: whatever native code prints goes to standard error
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    with os.fdopen(0, "rb", buffering=0) as source, answers:
        asked = worker_messages.receive(source)
        if asked is None:
            return
        header, jpeg = asked
        image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
        if image is None:
            return
        page = scanned(image, int(header["dpi"]), bool(header["fed"]), ColourMode(header["mode"]))
        if isinstance(page, ScanRefused):
            worker_messages.send(answers, {"kind": "refused", "reason": page.reason})
            return
        about = {"kind": "page", "quality": page.quality.as_json(), "width": page.width, "height": page.height}
        worker_messages.send(answers, about, page.picture)


if __name__ == "__main__":
    main()
