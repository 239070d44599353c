"""`python -m offline_cache.audit verify|show|export --data DIR`: the audit log of a terminal.

verify says OK with counts (exit 0), or the first line that is wrong (exit 1). With --file it checks an export; with
--head NUMBER:HASH (kiosk-fleet audit names it) also that nothing is cut off the end. Also while the terminal runs.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from contract.audit_events import EVENTS, Event
from offline_cache.audit.verify import Log, broken, read_database, read_file, written


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m offline_cache.audit",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=["verify", "show", "export"])
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--data", type=Path, help="the terminal's data folder")
    source.add_argument("--file", type=Path, help="an exported log")
    parser.add_argument("--head", type=_head, metavar="NUMBER:HASH", help="a line that is known from elsewhere")
    parser.add_argument("--json", action="store_true", help="verify: answer in JSON")
    options = parser.parse_args(arguments)
    try:
        log = read_database(options.data / "store.db") if options.data else read_file(options.file)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    if options.command == "export":
        print("\n".join(written(log)))
        return 0
    if options.command == "show":
        for row in log.rows:
            print(_shown(row))
        return 0
    return _verify(log, options.head, options.json)


def _verify(log: Log, head: tuple[int, str] | None, as_json: bool) -> int:
    found = broken(log, head)
    last = log.number + len(log.rows)
    said = {"ok": found is None, "chain": log.chain, "lines": len(log.rows), "last": last, "delivered": log.delivered}
    if found is None:
        said["head"] = f"{last}:{log.rows[-1]['hash'] if log.rows else log.hash}"
    else:
        said |= {"line": found.number, "problem": found.what}
    if as_json:
        print(json.dumps(said))
    elif found is None:
        print(f"OK  chain {log.chain}: {len(log.rows)} lines, {log.number + 1} to {last}, {log.delivered} delivered")
        print(f"    head {said['head']}")
    else:
        print(f"WRONG  chain {log.chain}, line {found.number}: {found.what}")
    return 0 if found is None else 1


def _shown(row: dict[str, object]) -> str:
    try:
        sentence = EVENTS[Event(str(row.get("event")))].sentence
    except ValueError:
        sentence = "(no event of the list)"
    return f"{row.get('number'):>8} {row.get('at')} {row.get('event')} {row.get('fields')}  {sentence}"


def _head(text: str) -> tuple[int, str]:
    number, _, digest = text.partition(":")
    return int(number), digest


if __name__ == "__main__":
    sys.exit(main())
