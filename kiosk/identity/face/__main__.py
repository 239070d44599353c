"""For technicians: python -m kiosk.identity.face compare PHOTO PICTURE [--part module:attribute] [--json]

PHOTO is a card's photo, PICTURE one of the face camera (python -m drivers.face_camera shot). With our own part the
distance is told too. Exit 0 compared, whatever the outcome; 1 no face; 2 wrong use. Delete the pictures afterwards.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from kiosk.identity.face.course import card_template, decoded, fitting
from kiosk.identity.face.part import FacePart, load_part


def _compare(part: FacePart, photo: Path, picture: Path) -> tuple[int, dict[str, Any]]:
    images = []
    for path in (photo, picture):
        try:
            image = decoded(path.read_bytes())
        except OSError:
            image = None
        if image is None:
            return 2, {"result": "wrong-use", "detail": f"{path.name} is no picture"}
        images.append(image)
    began = time.perf_counter()
    one = card_template(part, images[0])
    seen = fitting(images[1])
    faces = part.faces(seen)
    if one is None or not faces:
        return 1, {"result": "failed", "reason": "no-photo" if one is None else "no-face"}
    other = part.template(seen, faces[0])
    answer: dict[str, Any] = {"result": "compared", "outcome": part.compare(one, other)}
    from kiosk.identity.face.dlib_part import DlibPart, distance

    if isinstance(part, DlibPart):
        answer["distance"] = round(distance(one, other), 3)
    answer |= {"faces": len(faces), "frontal": faces[0].frontal}
    return 0, answer | {"milliseconds": round((time.perf_counter() - began) * 1000)}


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m kiosk.identity.face", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=("compare",))
    parser.add_argument("photo", type=Path)
    parser.add_argument("picture", type=Path)
    parser.add_argument("--part", default="", help="module:attribute; ours without")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    try:
        part = load_part(options.part)
    except (ImportError, AttributeError, ValueError):
        code, answer = 2, {"result": "wrong-use", "detail": "there is no such part"}
    else:
        code, answer = _compare(part, options.photo, options.picture)
    print(json.dumps(answer) if options.json else "\n".join(f"{key}: {value}" for key, value in answer.items()))
    return code


if __name__ == "__main__":
    sys.exit(main())
