"""`audit`: the audit logs of a terminal, verified line by line."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Any

from contract.audit_events import EVENTS, Event
from fleet.audit import Checked, checked
from fleet.commands.report import Report
from fleet.data_folder import DataFolder
from fleet.platform import Platform

HELP = "verify the audit logs of a terminal, and list what it did"


def arguments(parser: ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("terminal", metavar="TERMINAL", help="the terminal's id in the workbook")
    parser.add_argument("--lines", action="store_true", help="list every line")


def run(options: Namespace) -> Report:
    """Exit 1 where something is wrong, or nothing has come from this terminal."""
    platform = Platform(DataFolder(options.data))
    chains = checked(platform.database, options.terminal, platform.authority.certificate)
    platform.close()
    lines = [line for chain in chains for line in _said(chain, options.lines)]
    if len(chains) > 1:
        lines.append(f"! {len(chains)} chains: each after the first began when the terminal had lost its database")
    if not chains:
        lines.append(f"no audit log of {options.terminal} has come")
    content = {"terminal": options.terminal, "chains": [_content(chain, options.lines) for chain in chains]}
    return Report(content, lines, bool(chains) and not any(chain.problem for chain in chains))


def _said(chain: Checked, listed: bool) -> list[str]:
    signed = f"signed up to line {chain.signed}" if chain.signed else "not signed"
    said = [
        f"{'WRONG' if chain.problem else 'OK   '} chain {chain.chain}: {chain.number} lines, {signed},"
        f" {chain.began_at:%Y-%m-%d %H:%M} to {chain.heard_at:%Y-%m-%d %H:%M}",
        f"      head {chain.number}:{chain.hash}",
    ]
    if chain.problem:
        said.append(f"!     {chain.problem}")
    for line in chain.lines if listed else ():
        fields = " ".join(f"{name}={value}" for name, value in line.fields.items())
        said.append(f"{line.number:>8} {line.at} {line.event} {fields}  {EVENTS[Event(line.event)].sentence}")
    return said


def _content(chain: Checked, listed: bool) -> dict[str, Any]:
    content = {
        "chain": chain.chain, "lines": chain.number, "head": f"{chain.number}:{chain.hash}", "signed": chain.signed,
        "problem": chain.problem, "began_at": chain.began_at.isoformat(), "heard_at": chain.heard_at.isoformat(),
    }  # fmt: skip
    return content | ({"events": [line.model_dump() for line in chain.lines]} if listed else {})
