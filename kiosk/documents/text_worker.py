"""The OCR worker: `python -m kiosk.documents.text_worker`. It ends when standard input does.

reader -> worker   {"kind": "page", "id": n} + picture · {"kind": "field", "id": n, "place": {…}} + picture
worker -> reader   {"kind": "ready"} · {"kind": "answer", "id": n} + JSON, null where there is nothing
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from typing import Any

import cv2
import numpy as np

from kiosk import worker_messages
from kiosk.documents.recogniser import Recogniser
from kiosk.documents.scan_results import Place


def main() -> None:
    """Answer until standard input ends."""
    # Messages keep the pipe to themselves: whatever native code prints goes to standard error.
    output = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    commands = os.fdopen(0, "rb", buffering=0)
    recogniser = Recogniser()
    worker_messages.send(output, {"kind": "ready"})
    while (message := worker_messages.receive(commands)) is not None:
        header, body = message
        answer = json.dumps(_answer(recogniser, header, body)).encode()
        try:
            worker_messages.send(output, {"kind": "answer", "id": header["id"]}, answer)
        except BrokenPipeError:
            return


def _answer(recogniser: Recogniser, header: dict[str, Any], body: bytes) -> Any:
    image = cv2.imdecode(np.frombuffer(body, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        return None
    if header["kind"] == "field":
        return recogniser.read_field(image, Place(**header["place"]))
    return asdict(recogniser.read(image))


if __name__ == "__main__":
    main()
