"""How the devices are, asked through the drivers."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def device_states(devices: Path, problems: list[str]) -> dict[str, dict[str, Any]] | None:
    """The devices of `devices` (devices.toml) by name, in XFS4IoT's words; None where the file is missing or wrong.

    A device the file does not name is not shown; one that it names and that cannot work now is a problem.
    """
    from drivers.errors import ConfigError  # here, because the drivers load OpenCV and enrolment needs none of it
    from drivers.manager import NOT_DECLARED, load

    if not devices.exists():
        problems.append(f"{devices} is missing: put it there, or kiosk-provision enrol --again --devices FILE")
        return None
    try:
        terminal = load(devices)
    except ConfigError as error:
        problems.append(f"{error}: correct {devices}")
        return None
    states = {}
    for name, status in terminal.health(fresh=True).items():
        if status.detail == NOT_DECLARED:
            continue
        states[name] = status.report()
        if not status.usable:
            said = ", ".join(f"{part} {state}".rstrip() for part, state in states[name].items())
            problems.append(f"{name} cannot work ({said}): mend it, or correct its address in {devices}")
    return states
