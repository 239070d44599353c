"""For technicians: python -m drivers.code_scanner decode IMAGE... | watch --url URL | status --url URL
[--json]

decode prints path, text (null when there is none) and milliseconds, a line each code or picture.
Exit 0 done, 1 device fault or an unreadable picture, 2 wrong use.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import threading
import time
from dataclasses import asdict

import cv2

from drivers.code_scanner.decode import decode
from drivers.code_scanner.watch import watch
from drivers.document_camera.device import DocumentCamera


def _decode(paths: list[str], as_json: bool) -> int:
    failed = False
    for path in paths:
        image = cv2.imread(path)
        began = time.perf_counter()
        texts: list[str | None] = []
        if image is None:
            failed = True
        else:
            texts += [code.text for code in decode(image)]  # type: ignore[arg-type]
        milliseconds = round((time.perf_counter() - began) * 1000, 2)
        for text in texts or [None]:
            line = {"path": path, "text": text, "ms": milliseconds}
            print(json.dumps(line, ensure_ascii=False) if as_json else f"{path}\t{text or '-'}\t{milliseconds} ms")
    return 1 if failed else 0


def _end_with_parent() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)  # the main thread may hang in a native read


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m drivers.code_scanner", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    look = commands.add_parser("decode")
    look.add_argument("image", nargs="+")
    for name in ("watch", "status"):
        commands.add_parser(name).add_argument("--url", required=True)
    commands.choices["watch"].add_argument("--with-parent", action="store_true", help="end when stdin closes")
    for command in commands.choices.values():
        command.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.command == "decode":
        return _decode(options.image, options.json)
    if options.command == "status":
        status = DocumentCamera(options.url).check()
        print(json.dumps(asdict(status)) if options.json else f"{status.device} {status.detail}".strip())
        return 0 if status.usable else 1
    if options.with_parent:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt, BrokenPipeError):
        watch(options.url)
    return 0


if __name__ == "__main__":
    sys.exit(main())
