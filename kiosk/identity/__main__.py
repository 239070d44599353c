"""For technicians and inspectors:

    python -m kiosk.identity verify-code CODE [--data DIR] [--key [ID=]HEX ...] [--terminal ID] [--at TIME] [--json]

Whether an offline code (离线码) opens anything, and why not. --data takes the keys, the terminal's id, its clock and
the codes it has taken from a terminal's data folder (without it and --key: /var/lib/bianmin, where that is one); the
code is not taken by this. TIME is ISO 8601; without it, now. Who may have signed it unknown, it is "unknown-key".

Exit 0 it opens, 1 refused with the reason, 2 wrong use.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kiosk.identity.display import masked_number
from kiosk.identity.offline_codes import CodeProblem, OfflineCode, read_offline_code
from offline_cache import Cache
from offline_cache.errors import CacheError
from offline_cache.releases import InstalledRelease
from offline_cache.settings import Settings

#: where docs/technicians.md puts a terminal's data
USUAL_DATA = Path("/var/lib/bianmin")


def main() -> int:
    """Run the command; the exit status is the answer."""
    parser = argparse.ArgumentParser(
        prog="python -m kiosk.identity", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    checking = commands.add_parser("verify-code", help="does this offline code open anything?")
    checking.add_argument("code")
    checking.add_argument("--data", type=Path, help="a terminal's data folder")
    checking.add_argument("--key", action="append", default=[], type=_key, metavar="[ID=]HEX", help="a public key")
    checking.add_argument("--terminal", default="", help="judge as this terminal would")
    checking.add_argument("--at", type=_moment, help="judge as at this moment (ISO 8601)")
    checking.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not options.data and not options.key and (USUAL_DATA / "terminal.toml").exists():
        options.data = USUAL_DATA
    try:
        opened, values = _verify(options)
    except (OSError, CacheError) as error:
        checking.error(f"{options.data}: {error.strerror if isinstance(error, OSError) else error}")
    text = json.dumps(values, ensure_ascii=False) if options.json else "\n".join(f"{k}: {v}" for k, v in values.items())
    print(text)
    return 0 if opened else 1


def _verify(options: argparse.Namespace) -> tuple[bool, dict[str, Any]]:
    released: dict[str, bytes] = {}
    terminal = options.terminal
    now = time.time() if options.at is None else options.at
    cache = None
    if options.data:
        release = InstalledRelease.current(options.data)
        released = {key.id: bytes.fromhex(key.public) for key in release.about.identity_keys}
        terminal = terminal or Settings.load(options.data).id
        cache = Cache.open(options.data)
        if options.at is None:
            now = cache.clock.now()
    try:
        if cache is not None and options.at is None and cache.clock.set_back():
            raise CodeProblem("clock-set-back")
        code = read_offline_code(options.code.strip(), _keys(released, options.key), now, terminal)
        if cache is not None and cache.used_codes.known(code.id):
            raise CodeProblem("used")
    except CodeProblem as error:
        return False, {"opens": False, "reason": error.reason}
    finally:
        if cache is not None:
            cache.close()
    return True, {"opens": True, **_described(code)}


def _described(code: OfflineCode) -> dict[str, Any]:
    return {
        "holder": code.holder.name,
        "number": masked_number(code.holder.number),
        "issued": datetime.fromtimestamp(code.issued, UTC).isoformat(),
        "expires": datetime.fromtimestamp(code.expires, UTC).isoformat(),
        "terminal": code.audience or "any",
    }


def _keys(released: Mapping[str, bytes], given: list[tuple[str, bytes]]) -> Mapping[str, bytes]:
    """Keys by their ids; one that was given without an id stands for any."""
    named = {**released, **{key_id: key for key_id, key in given if key_id}}
    nameless = [key for key_id, key in given if not key_id]
    return defaultdict(lambda: nameless[0], named) if nameless else named


def _key(text: str) -> tuple[str, bytes]:
    key_id, _, digits = text.rpartition("=")
    key = bytes.fromhex(digits)
    if len(key) != 32:
        raise ValueError("a key has 32 bytes")
    return key_id, key


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


if __name__ == "__main__":
    sys.exit(main())
