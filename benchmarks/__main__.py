"""`./run bench`: every benchmark, a line a figure; `--json` for programs."""

from __future__ import annotations

import argparse
import json
import sys

from benchmarks import codes, devices, documents, faces, forms, handwriting, pinyin, receipts, search, store


def main() -> int:
    """Run them one after the other, so that none disturbs another."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one object a line")
    options = parser.parse_args()
    for module in (devices, receipts, codes, documents, faces, store, search, forms, pinyin, handwriting):
        for figure in module.run():
            print(json.dumps(figure.row(), ensure_ascii=False) if options.json else figure.line(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
