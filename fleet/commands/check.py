"""`check`: every fault of a workbook, a form or a zip, and nothing else; needs no platform."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from fleet.catalogue.checking import check
from fleet.commands.report import Report, fault_content, fault_lines

HELP = "check a workbook or a form without importing it"
NEEDS_DATA = False


def arguments(parser: ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("workbook", type=Path, help="city.xlsx, the .xlsx of one form, or a zip with city.xlsx")
    parser.add_argument("--language", choices=("zh", "en"), default="zh", help="language of the faults (zh)")


def run(options: Namespace) -> Report:
    """A report with every fault and notice; it succeeds where there is no fault."""
    faults, notices = check(options.workbook)
    lines = fault_lines(faults, notices, options.language)
    lines.append(f"{len(faults)} fault(s), {len(notices)} notice(s)")
    return Report({"faultless": not faults, **fault_content(faults, notices)}, lines, not faults)
