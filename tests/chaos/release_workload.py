"""A terminal that fetches the newest release: `python -m tests.chaos.release_workload DATA PROMISES URL`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from offline_cache.releases import ReleaseUpdater


def main(data: Path, promises: str, url: str) -> None:
    """Look once; the version that is in use then is a promise."""
    line = os.open(promises, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    version = ReleaseUpdater(data, url).refresh()
    os.write(line, json.dumps({"release": version}).encode() + b"\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
