"""`kiosk-sync --data DIR`: the sync agent; ends on SIGTERM. `--once` only looks for a release (for technicians)."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
from pathlib import Path

from offline_cache.crash_dumps import forbid_crash_dumps
from offline_cache.crash_reports import say_only_where
from offline_cache.errors import CacheError
from offline_cache.releases import ReleaseUpdater
from offline_cache.scratch import use_scratch
from offline_cache.settings import Settings
from offline_cache.sync.agent import Agent


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="kiosk-sync", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the terminal's data folder")
    parser.add_argument("--once", action="store_true", help="fetch the newest release, say its version, and end")
    options = parser.parse_args(arguments)
    forbid_crash_dumps()
    say_only_where()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    if not (options.data / "terminal.toml").is_file():
        parser.error(f"{options.data} is not an enrolled terminal; run kiosk-provision enrol first")
    if options.once:
        updater = ReleaseUpdater(options.data, Settings.load(options.data).fleet_url)
        try:
            if damage := updater.check():
                print(damage, file=sys.stderr)
            updater.refresh()
        except CacheError as error:
            print(error, file=sys.stderr)
            return 1
        print(f"release {updater.current_version()}")
        return 0
    try:
        use_scratch("bianmin-sync")
        agent = Agent(options.data)
    except CacheError as error:
        print(f"kiosk-sync: {error}", file=sys.stderr)
        return 1
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    agent.run(stop)
    return 0


if __name__ == "__main__":
    sys.exit(main())
