"""`connectors`: which of the city's services are connected, and whether they answer."""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace

from fleet.commands.report import Report
from fleet.data_folder import DataFolder
from fleet.errors import ServiceUnavailable
from fleet.platform import Platform

HELP = "show what connectors.toml connects and whether it answers"


def arguments(parser: ArgumentParser) -> None:
    """No options of its own."""


def run(options: Namespace) -> Report:
    """A report that failed when one of them does not answer. Raises ConnectorsBroken."""
    platform = Platform(DataFolder(options.data))
    connected = platform.connectors
    content, lines = [], []
    for table, name in connected.names.items():
        began, trouble = time.monotonic(), ""
        try:
            connected.ready(table)
        except ServiceUnavailable as error:
            trouble = str(error)
        milliseconds = round((time.monotonic() - began) * 1000)
        content.append({"table": table, "use": name, "answers": not trouble, "trouble": trouble, "ms": milliseconds})
        lines.append(f"[{table}] {name}: {trouble or f'answers ({milliseconds} ms)'}")
    platform.close()
    lines = lines or [f"nothing is connected; see {platform.folder.connectors} and docs/connectors.md"]
    return Report({"connectors": content}, lines, all(each["answers"] for each in content))
