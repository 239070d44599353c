"""A stand-in for a licensed WLT decoder: 1024 bytes on standard input, a BMP of 102x126 on standard output.

    [id_card]
    photo_decoder = "python …/drivers/simulators/photo_decoder.py"

It knows only what the simulated card reader makes of a person's "photo": bytes that name a picture file. It decodes
no photo of a real card, and ends with 1 for anything it does not know.
"""

from __future__ import annotations

import io
import sys

from PIL import Image

MARK = b"WLT-SIMULATED-PICTURE:"
SIZE = (102, 126)


def decode(wlt: bytes) -> bytes | None:
    """The picture that these bytes name, as BMP; None when they name none."""
    if not wlt.startswith(MARK):
        return None
    try:
        with Image.open(wlt[len(MARK) :].rstrip(b"\0").decode()) as picture:
            made = io.BytesIO()
            picture.convert("RGB").resize(SIZE, Image.Resampling.LANCZOS).save(made, "BMP")
            return made.getvalue()
    except (OSError, ValueError):
        return None


def main() -> int:
    """Decode one."""
    picture = decode(sys.stdin.buffer.read())
    if picture is None:
        return 1
    sys.stdout.buffer.write(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
