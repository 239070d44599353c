"""`terminals`: how every terminal is, and what waits or is parked there."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from typing import Any

from fleet.commands.report import Report
from fleet.data_folder import DataFolder
from fleet.platform import Platform
from fleet.terminals import overview

HELP = "every terminal: when it was heard, its release, what waits and is parked there, faults of its devices"


_TOLD = (("release", "release_problem"), ("audit  ", "audit_problem"))


def arguments(parser: ArgumentParser) -> None:
    """No options of its own."""


def run(options: Namespace) -> Report:
    """Never refuses."""
    platform = Platform(DataFolder(options.data))
    found = overview(platform.database, datetime.now(UTC))
    platform.close()
    for one in found:
        for name in ("heard_at", "certificate_expires_at"):
            one[name] = one[name] and one[name].isoformat()
    return Report({"terminals": found}, [line for one in found for line in _lines(one)] or ["no terminals"])


def _lines(one: dict[str, Any]) -> list[str]:
    beat, heard = one["heartbeat"], one["heard_at"]
    if beat is None:
        return [f"{one['terminal_id']}  {one['label']}  never heard"]
    state = "online" if one["online"] else "silent"
    lines = [
        f"{one['terminal_id']}  {one['label']}  {state}, heard {heard[:19]}Z  release {beat['release_version']}"
        f"  waiting {beat['outbox_waiting']}{_oldest(beat)}  parked {beat['outbox_parked']}"
    ]
    lines += _problems(beat)
    for parked in beat.get("parked", []):
        again = one["retry_ordered"]
        ordered = "  retry ordered" if parked["id"] in again or "all" in again else ""
        since = parked["since"][:19]
        lines.append(f"  parked  {parked['kind']} {parked['id']}  {parked['reason']} since {since}{ordered}")
    for name, device in beat["devices"].items():
        if device["device"] != "online":
            lines.append(f"  device  {name}: {device['device']} {device['detail']}".rstrip())
        lines += [f"  device  {name}: {fault['code']} since {fault['since'][:19]}" for fault in device["faults"]]
    return lines


def _problems(beat: dict[str, Any]) -> list[str]:
    """What is wrong with the terminal's memory; a terminal of older software says nothing of it."""
    lines = []
    if beat.get("key_holder") == "development":
        lines.append("  key     in a file, for development only: kiosk-provision keys --holder tpm")
    if rescue := beat.get("store_rescue"):
        when, kept, lost = rescue["at"][:19], rescue["kept"], rescue["lost"]
        lines.append(f"  store   was damaged {when} and set aside: {kept} undelivered entries kept, {lost} lost")
    lines += [f"  {word}  {beat[name]}" for word, name in _TOLD if beat.get(name)]
    return lines


def _oldest(beat: dict[str, Any]) -> str:
    since = beat.get("waiting_since")
    return f" (since {since[:19]})" if since else ""
