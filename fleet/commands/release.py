"""`release`: publish the draft, approved by two people."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from fleet.commands.report import Report
from fleet.data_folder import DataFolder
from fleet.platform import Platform
from fleet.releases.publishing import publish_draft

HELP = "publish the draft as a signed release; two different people approve it"


def arguments(parser: ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("--approved-by", action="append", default=[], metavar="NAME", help="give it twice")


def run(options: Namespace) -> Report:
    """Raises ReleaseRefused without a draft or without two approvers."""
    platform = Platform(DataFolder(options.data))
    published = publish_draft(
        platform.database, platform.repository, platform.resources, platform.code_keys, options.approved_by
    )
    platform.close()
    line = f"release {published.version}: {published.items} items, {published.targets} targets"
    return Report({"version": published.version, "items": published.items, "targets": published.targets}, [line])
