"""Speaks to a scanner through SANE: requests on standard input as JSON lines, answers back, a page behind its line.

A program of its own because backends of SANE are native code that may hang or crash: whoever started it ends it. It
imports nothing of this house. It writes no file: pages leave through standard output.

    {"do": "list"}                        -> {"kind": "devices", "devices": [[name, vendor, model, type], …]}
    {"do": "open", "device": NAME}        -> {"kind": "options", "options": [{…}, …]}
    {"do": "set", "values": {NAME: X}}    -> {"kind": "options", …}
    {"do": "scan", "pages": N, "encoding": "jpeg"|"png", "mode": "color"|"gray"|"lineart"}
        -> {"kind": "progress", …}*, {"kind": "page", "length": N, …} + N bytes, …, {"kind": "done"}
    {"do": "cancel"}                      at any time; the scan then ends with an error. So does the end of the input
    anything may be answered by           {"kind": "error", "says": SANE's words}
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import queue
import sys
import threading
from typing import Any

import sane
from PIL import Image

# A line of progress for each twentieth of a page.
STEPS = 20
NO_DOCUMENTS = "Document feeder out of documents"
CUT_SHORT = "End of file reached"
JPEG_QUALITY = 90


class NobodyListens(Exception):
    """Whoever started this is gone. The scanner must be let go of all the same."""


def tell(message: dict[str, Any], data: bytes = b"") -> None:
    """One message to whoever started this. Raises NobodyListens."""
    try:
        OUT.write(json.dumps(message).encode() + b"\n" + data)
        OUT.flush()
    except OSError as error:
        raise NobodyListens from error


def options(device: sane.SaneDev) -> dict[str, Any]:
    """All that can be set or read, as SANE names it."""
    found = []
    for number, name, _title, _text, kind, _unit, size, abilities, constraint in device.dev.get_options():
        if not name or kind in (sane._sane.TYPE_BUTTON, sane._sane.TYPE_GROUP):
            continue
        active = bool(sane._sane.OPTION_IS_ACTIVE(abilities))
        value = None
        if active and (kind == sane._sane.TYPE_STRING or size == sane._sane.SANE_WORD_SIZE):
            try:
                value = device.dev.get_option(number)
            except (sane._sane.error, ValueError, TypeError):
                value = None
        settable = active and bool(sane._sane.OPTION_IS_SETTABLE(abilities))
        row = {"name": name, "value": value, "settable": settable}
        if constraint is not None:
            row["range" if isinstance(constraint, tuple) else "words"] = constraint
        found.append(row)
    return {"kind": "options", "options": found}


def encoded(picture: Image.Image, asked: dict[str, Any], dpi: int) -> bytes:
    """The page as a file in memory."""
    file = io.BytesIO()
    if asked["encoding"] == "png":
        picture.save(file, "PNG", dpi=(dpi, dpi), compress_level=1)
    else:
        picture.save(file, "JPEG", dpi=(dpi, dpi), quality=JPEG_QUALITY)
    return file.getvalue()


def as_asked(picture: Image.Image, mode: str) -> Image.Image:
    """What the device cannot do by itself is made of what it gave."""
    if mode == "lineart":
        return picture.convert("L").point(lambda grey: 255 if grey > 127 else 0, "1")
    return picture.convert("L") if mode == "gray" else picture


def cut_short(picture: Image.Image) -> bool:
    """Whether the page ends in the grey that JPEG decoders put where data is missing; sane-airscan is silent of it.

    The outermost lines may be white: it fills up what a scanner's rounding of the size lacks.
    """
    corner = picture.crop((picture.width - 16, picture.height - 16, picture.width - 8, picture.height - 8)).convert("L")
    whole = picture.resize((16, 16), Image.Resampling.NEAREST).convert("L")
    return corner.getextrema() == (128, 128) and whole.getextrema() != (128, 128)


def scan(device: sane.SaneDev, asked: dict[str, Any], cancelled: threading.Event) -> None:
    """Page after page, until the feeder is empty or `pages` are done."""
    dpi = int(asked["dpi"])
    for number in range(1, asked["pages"] + 1):
        told = 0

        def progress(done: int, of: int, page: int = number) -> None:
            nonlocal told
            if of > 0 and done * STEPS // of > told:
                told = done * STEPS // of
                with contextlib.suppress(NobodyListens):  # python-sane crashes when this raises
                    tell({"kind": "progress", "page": page, "percent": min(100, done * 100 // of)})

        try:
            device.start()
        except sane._sane.error as error:
            if str(error) == NO_DOCUMENTS and number > 1:
                break
            raise
        picture = as_asked(device.snap(True, progress), asked["mode"])
        if cancelled.is_set():
            raise sane._sane.error("Operation was cancelled")
        if cut_short(picture):
            raise sane._sane.error(CUT_SHORT)
        data = encoded(picture, asked, dpi)
        width, height = picture.size
        tell({"kind": "page", "page": number, "width": width, "height": height, "dpi": dpi, "length": len(data)}, data)
    tell({"kind": "done"})


def main() -> None:
    """Until standard input closes."""
    requests: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
    cancelled = threading.Event()
    device: Any = None

    def listen() -> None:
        for line in sys.stdin.buffer:
            asked = json.loads(line)
            if asked["do"] == "cancel":
                cancel()
            else:
                requests.put(asked)
        cancel()
        requests.put(None)

    def cancel() -> None:
        cancelled.set()
        if device is not None:
            device.cancel()

    threading.Thread(target=listen, daemon=True).start()
    while (asked := requests.get()) is not None:
        try:
            try:
                match asked["do"]:
                    case "list":
                        sane.init()
                        tell({"kind": "devices", "devices": sane.get_devices()})
                    case "open":
                        sane.init()
                        device = sane.open(asked["device"])
                        tell(options(device))
                    case "set":
                        for name, value in asked["values"].items():
                            setattr(device, name.replace("-", "_"), value)
                        tell(options(device))
                    case "scan":
                        scan(device, asked, cancelled)
            except sane._sane.error as error:
                tell({"kind": "error", "says": str(error)})
            except MemoryError:
                tell({"kind": "error", "says": "Out of memory"})
            except (RuntimeError, AttributeError, ValueError, TypeError, OSError) as error:
                # of python-sane or Pillow: their words could hold anything, so only the kind is told
                no_data = str(error) == "Scanner returned no data"
                tell({"kind": "error", "says": CUT_SHORT if no_data else type(error).__name__})
        except NobodyListens:
            pass  # the end of the input comes, too
        if asked["do"] == "scan" and device is not None:
            # or a network scanner waits for somebody to fetch the next page; after the answer, as backends hang here
            device.cancel()
    if device is not None:
        device.close()


if __name__ == "__main__":
    # a backend that prints must not print into the answers
    OUT = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    main()
