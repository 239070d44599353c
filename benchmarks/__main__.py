"""`./run bench [NAME...]`: every benchmark or those named, a line a figure; `--json` for programs."""

from __future__ import annotations

import argparse
import json
import sys

from benchmarks import (
    certificates,
    codes,
    devices,
    documents,
    faces,
    forms,
    handwriting,
    pinyin,
    receipts,
    releases,
    sealed,
    search,
    speech,
    store,
    two_years,
)

ALL = {
    module.__name__.rpartition(".")[2]: module
    for module in (
        devices,
        receipts,
        codes,
        sealed,
        certificates,
        documents,
        faces,
        store,
        two_years,
        search,
        releases,
        forms,
        pinyin,
        handwriting,
        speech,
    )
}


def main() -> int:
    """Run them one after the other, so that none disturbs another."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(ALL)}; none is all")
    parser.add_argument("--json", action="store_true", help="one object a line")
    options = parser.parse_args()
    if unknown := set(options.names) - set(ALL):
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}; there are {', '.join(ALL)}")
    for name in options.names or ALL:
        for figure in ALL[name].run():
            print(json.dumps(figure.row(), ensure_ascii=False) if options.json else figure.line(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
