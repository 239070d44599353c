"""The process in which a photo decoder runs: python -P photo_worker.py MODULE:ATTRIBUTE

WLT on standard input, the picture on standard output; exit 3 where there is none. Imports nothing of this house, so
that nothing but the decoder can fail here. The module is looked for where Python looks (PYTHONPATH, site-packages).
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any


def main() -> int:
    """Decode one photo."""
    # native libraries print; the picture goes out by a way they do not know
    out = os.dup(1)
    os.dup2(2, 1)
    module, _, path = sys.argv[1].partition(":")
    decoder: Any = importlib.import_module(module)
    for name in path.split("."):
        decoder = getattr(decoder, name)
    picture: bytes | None = decoder(sys.stdin.buffer.read())
    with os.fdopen(out, "wb") as file:
        file.write(picture or b"")
    return 0 if picture else 3


if __name__ == "__main__":
    sys.exit(main())
