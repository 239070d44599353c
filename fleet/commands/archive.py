"""`archive`: a case as one signed package, to be kept or handed on."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from fleet.archive import archive
from fleet.commands.report import Report
from fleet.data_folder import DataFolder
from fleet.platform import Platform

HELP = "write a case as one signed package; python -m kiosk.documents verify-package checks it anywhere"


def arguments(parser: ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("case", metavar="CASE", help="the case's number (办件编号) or id")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the ZIP to write")


def run(options: Namespace) -> Report:
    """Raises ArchiveRefused."""
    platform = Platform(DataFolder(options.data))
    try:
        manifest, key = archive(platform, options.case, options.out), platform.archive_key.public_key
    finally:
        platform.close()
    content = {"out": str(options.out), "files": len(manifest.files), "key": f"{key.id}={key.public}"}
    return Report(content, [f"{options.out}: {len(manifest.files)} files, key {key.id}={key.public}"])
