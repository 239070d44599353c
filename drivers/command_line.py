"""What the command lines of all drivers share: `python -m drivers.<kind> … [--json]`.

Exit 0 done, 1 device fault, 2 wrong use (argparse's own).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from drivers.status import DeviceStatus

DONE, FAULT, WRONG_USE = 0, 1, 2


def parser(kind: str, description: str | None) -> argparse.ArgumentParser:
    """A parser named as technicians call it; sub-commands get --json from json_option."""
    return argparse.ArgumentParser(
        prog=f"python -m drivers.{kind}", description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )


def json_option(command: argparse.ArgumentParser) -> None:
    """Add --json."""
    command.add_argument("--json", action="store_true", help="one JSON object, or one a line for several")


def seconds(text: str) -> float:
    """An option's value that is a time: above 0 and at most a day. Raises ArgumentTypeError."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 86400:
        raise argparse.ArgumentTypeError("seconds, above 0 and at most a day")
    return value


def say(values: Mapping[str, Any], as_json: bool) -> None:
    """One object: as JSON on one line, or a "name: value" a line for a person; what is None is left out there."""
    if as_json:
        print(json.dumps(values, ensure_ascii=False, default=str), flush=True)
    else:
        print("\n".join(f"{name}: {value}" for name, value in values.items() if value is not None), flush=True)


def say_status(status: DeviceStatus, as_json: bool, **more: Any) -> int:
    """A status and what belongs to it; the exit code that goes with it."""
    say({**asdict(status), **more}, as_json)
    return DONE if status.usable else FAULT
