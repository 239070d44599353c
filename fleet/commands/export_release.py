"""`export-release`: the newest release on a USB stick, for terminals that have no network."""

from __future__ import annotations

import shutil
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path

from fleet.commands.report import Report
from fleet.data_folder import DataFolder, write_public
from fleet.errors import ReleaseRefused
from fleet.platform import Platform
from fleet.releases.publishing import newest_catalogue
from fleet.releases.repository import TIMESTAMP

HELP = "write the newest release to a USB stick or folder; technicians bring it to terminals without a network"


def arguments(parser: ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="the stick, or a folder on it")


def run(options: Namespace) -> Report:
    """Raises ReleaseRefused before the first release, and where the folder cannot be written."""
    platform = Platform(DataFolder(options.data))
    now = datetime.now(UTC)
    released = newest_catalogue(platform.database) is not None
    if released:
        platform.repository.renew(now)
    platform.close()
    if not released:
        raise ReleaseRefused("there is no release yet: kiosk-fleet release")
    files = platform.repository.newest()
    folder = options.out / "releases"
    try:
        # the timestamp comes last: a stick that was pulled out has none, and no terminal takes it
        shutil.rmtree(folder, ignore_errors=True)
        for path, content in files.items():
            write_public(folder / path, content)
    except OSError as error:
        raise ReleaseRefused(f"{options.out} cannot be written: {error.strerror}") from None
    until = (now + TIMESTAMP).date()
    size = sum(map(len, files.values()))
    lines = [
        f"{len(files)} files, {size / 1e6:.1f} MB in {folder}",
        f"terminals take it until {until}",
        f"next, at the terminal: kiosk-provision update --data DIR --from {options.out}",
    ]
    return Report({"folder": str(folder), "files": len(files), "bytes": size, "until": until.isoformat()}, lines)
