"""`python -m offline_cache.releases … init ROOT | refresh | download`: this terminal's TUF client by itself.

The options are those of the tuf-conformance suite's protocol for clients (CLIENT-CLI.md), so that it can judge the same
client, fetcher and limits with which a terminal takes its releases. 0 done, 1 refused or out of reach, 2 wrongly typed.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from offline_cache.errors import CacheError, ReleaseRefused
from offline_cache.releases.client import Client, told
from offline_cache.releases.fetcher import Fetcher


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m offline_cache.releases", description=__doc__)
    parser.add_argument("--metadata-dir", type=Path, required=True, help="where trusted metadata is kept")
    parser.add_argument("--metadata-url", help="the repository's metadata")
    parser.add_argument("--target-name", action="append", default=[], help="the target to download; may repeat")
    parser.add_argument("--target-base-url", help="the repository's targets")
    parser.add_argument("--target-dir", type=Path, help="where downloaded targets are put")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("init", help="trust this root.json").add_argument("root", type=Path)
    commands.add_parser("refresh", help="update the trusted metadata")
    commands.add_parser("download", help="update the metadata, then download the targets")
    options = parser.parse_args(arguments)
    if options.command != "init" and not options.metadata_url:
        parser.error("--metadata-url is needed")
    if options.command == "download" and not (options.target_name and options.target_base_url and options.target_dir):
        parser.error("--target-name, --target-base-url and --target-dir are needed")
    try:
        if options.command == "init":
            options.metadata_dir.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(options.root, options.metadata_dir / "root.json")
        else:
            _update(options)
    except (CacheError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _update(options: argparse.Namespace) -> None:
    with told():
        client = Client(
            options.metadata_dir,
            options.metadata_url,
            Fetcher(None),
            targets_url=options.target_base_url,
            targets=options.target_dir,
        )
        client.refresh()
        for name in options.target_name if options.command == "download" else ():
            target = client.get_targetinfo(name)
            if target is None:
                raise ReleaseRefused(f"the target {name} is not in the repository")
            if client.find_cached_target(target) is None:
                client.download_target(target)


if __name__ == "__main__":
    sys.exit(main())
