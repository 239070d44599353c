"""`template`: the workbook operators begin with."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from fleet.commands.report import Report
from fleet.errors import TemplateNotWritten
from fleet.template.workbook import write_template

HELP = "write a workbook with one filled example, explained in Chinese, to begin with"
NEEDS_DATA = False


def arguments(parser: ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.xlsx", help="where to write it")


def run(options: Namespace) -> Report:
    """Raises TemplateNotWritten rather than replace a file, which may be somebody's work."""
    if options.out.suffix.lower() != ".xlsx":
        raise TemplateNotWritten(f"{options.out} does not end in .xlsx; a spreadsheet program would not open it")
    if options.out.exists():
        raise TemplateNotWritten(f"{options.out} is there already and was not changed; choose another name")
    try:
        write_template(options.out)
    except OSError as error:
        raise TemplateNotWritten(f"{options.out} cannot be written: {error.strerror}") from None
    return Report({"written": str(options.out)}, [f"{options.out}", f"next: kiosk-fleet check {options.out}"])
