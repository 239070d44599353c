"""kiosk-provision as tests call it."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

from provisioning.__main__ import main
from tests.fleet.running_platform import RunningPlatform


def provision(command: str, data: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the JSON of a command in this process."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(io.StringIO()):
        code = main([command, "--data", str(data), *arguments, "--json"])
    return code, json.loads(output.getvalue())


def enrol(platform: RunningPlatform, data: Path, terminal_id: str, *arguments: str) -> tuple[int, dict[str, Any]]:
    """Enrol `data` as `terminal_id` with a fresh voucher."""
    voucher = platform.voucher(terminal_id)
    return provision("enrol", data, "--server", platform.url, "--voucher", voucher, *arguments)
