"""`python -m offline_cache.search --store DIR QUERY [--json]`: what a citizen who types QUERY is shown.

Ends with 0 when something is found, guesses too; 1 with a line on stderr when nothing is, or there is no release.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
from pathlib import Path

from contract.codes import ServerType
from offline_cache.search import LIMIT, Search

AUDIENCES = {"person": ServerType.PERSON, "company": ServerType.COMPANY}


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m offline_cache.search", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--store", type=Path, required=True, help="a terminal's data folder, or a release's folder")
    parser.add_argument("query", help="what is typed")
    parser.add_argument("--json", action="store_true", help="a list of task_code, title, why and guessed")
    parser.add_argument("--audience", choices=AUDIENCES, help="only what is for a person, or for a company")
    parser.add_argument("--theme", default="", help="only what has this theme (its id)")
    parser.add_argument("--department", default="", help="only what this department does (dept_code)")
    parser.add_argument("--limit", type=int, default=LIMIT, help="most items shown (default: %(default)s)")
    options = parser.parse_args(arguments)
    index = next((path for path in _places(options.store) if path.is_file()), None)
    if index is None:
        print(f"{options.store} holds no release: no search.db is there", file=sys.stderr)
        return 1
    try:
        found = Search(index).find(
            options.query,
            audience=AUDIENCES.get(options.audience),
            theme=options.theme,
            department=options.department,
            limit=max(1, options.limit),
        )
    except sqlite3.DatabaseError as error:
        print(f"{index} cannot be read: {error}", file=sys.stderr)
        return 1
    if options.json:
        rows = [
            {"task_code": each.task_code, "title": each.title, "why": each.why, "guessed": each.why.guessed}
            for each in found
        ]
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for each in found:
            print(f"{each.task_code:36} {each.title}  ({each.why})")
    if not found:
        print("nothing is found", file=sys.stderr)
    return 0 if found else 1


def _places(store: Path) -> list[Path]:
    return [store / "search.db", store / "releases" / "current" / "search.db"]


if __name__ == "__main__":
    sys.exit(main())
