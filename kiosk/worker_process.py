"""Worker processes of this house: the same Python, the same modules, and messages (kiosk.worker_messages) on pipes."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from typing import Any

from kiosk import worker_messages


def command(module: str, *arguments: str) -> dict[str, Any]:
    """What `subprocess` needs to run `python -m module` with the modules of this process and pipes to it."""
    return {
        "args": [sys.executable, "-m", module, *arguments],
        "stdin": subprocess.PIPE,
        "stdout": subprocess.PIPE,
        "env": os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    }


def answer(module: str, header: dict[str, Any], body: bytes, seconds: float) -> worker_messages.Message | None:
    """The one answer of a worker that gets one message and ends; None where it died, said nonsense or took longer."""
    asked = io.BytesIO()
    worker_messages.send(asked, header, body)
    with subprocess.Popen(**command(module), stderr=subprocess.DEVNULL) as worker:
        try:
            said, _ = worker.communicate(asked.getvalue(), seconds)
        except subprocess.TimeoutExpired:
            worker.kill()
            return None
    return worker_messages.receive(io.BytesIO(said))
