"""`import`: check a workbook and keep it as the draft of the next release."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path

from fleet.catalogue.importer import import_workbook
from fleet.commands.report import Report, fault_content, fault_lines
from fleet.data_folder import DataFolder
from fleet.platform import Platform
from fleet.tables import Draft, Terminal

HELP = "check a workbook and keep it as the draft; with one fault nothing is changed"


def arguments(parser: ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument(
        "workbook", type=Path, help="city.xlsx with its forms, their files and templates beside it; or a zip of them"
    )
    parser.add_argument("--language", choices=("zh", "en"), default="zh", help="language of the faults (zh)")


def run(options: Namespace) -> Report:
    """A report with every fault, or of what was kept."""
    platform = Platform(DataFolder(options.data))
    outcome = import_workbook(options.workbook)
    catalogue = outcome.catalogue
    if catalogue is None:
        platform.close()
        lines = fault_lines(outcome.faults, outcome.notices, options.language)
        lines.append(f"{len(outcome.faults)} fault(s); nothing was changed")
        return Report({"imported": False, **fault_content(outcome.faults, outcome.notices)}, lines, False)
    draft = Draft(
        imported_at=datetime.now(UTC),
        workbook=options.workbook.name,
        catalogue=catalogue.model_dump(mode="json"),
    )
    with platform.database.writing() as session:
        platform.resources.keep(outcome.resources.values())
        session.add(draft)
        for profile in catalogue.terminals:
            terminal = session.get(Terminal, profile.terminal_id) or Terminal(id=profile.terminal_id)
            terminal.profile = profile.model_dump(mode="json")
            session.add(terminal)
        session.flush()
        draft_id = draft.id
    platform.close()
    counts = {
        "items": len(catalogue.items),
        "forms": sum(path.endswith(".xml") for path in catalogue.files),
        "terminals": len(catalogue.terminals),
    }
    lines = [
        *fault_lines([], outcome.notices, options.language),
        f"draft {draft_id}: {counts['items']} items, {counts['forms']} forms, {counts['terminals']} terminals",
        "next: kiosk-fleet release --approved-by NAME --approved-by OTHER-NAME",
    ]
    return Report({"imported": True, "draft": draft_id, **counts, **fault_content([], outcome.notices)}, lines)
