"""Pictures decoded in a process of its own: one that crashes a native decoder, or hangs it, costs only its own line.

python -m drivers.code_scanner.worker     reads a path as JSON a line, answers a JSON object a line
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

# Eight megapixels take half a second at most; loading OpenCV takes 0.3 s, on a busy machine several.
DECODE_WITHIN = 20.0
START_WITHIN = 30.0
_READY = b"{}\n"
_ROOT = Path(__file__).resolve().parents[2]


class Worker:
    """Decodes one picture after another; started when it is needed, and again after it ended. A context manager."""

    def __init__(self, within: float = DECODE_WITHIN) -> None:
        self._within = within
        self._process: subprocess.Popen[bytes] | None = None

    def decode(self, path: str) -> dict[str, Any]:
        """{"path", "text", "milliseconds", "codes": [{"text", "kind"}]}, and "error" where it could not be looked at.

        Never raises for what is in the picture: error is unreadable, decoder-crashed, decoder-timeout.
        """
        began = time.perf_counter()
        try:
            process = self._started()
            assert process.stdin is not None
            process.stdin.write(json.dumps(os.path.abspath(path)).encode() + b"\n")
            process.stdin.flush()
            answer = json.loads(_line(process, self._within))
        except TimeoutError:
            self.close()
            answer = {"text": None, "codes": [], "error": "decoder-timeout"}
        except (OSError, ValueError):
            self.close()
            answer = {"text": None, "codes": [], "error": "decoder-crashed"}
        taken = round((time.perf_counter() - began) * 1000, 2)
        return {"path": path, "text": answer.pop("text"), "milliseconds": answer.pop("milliseconds", taken), **answer}

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "drivers.code_scanner.worker"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=_ROOT,
            )  # fmt: skip
            _line(self._process, START_WITHIN)
        return self._process

    def close(self) -> None:
        """End the process. May be called twice."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
        self._process = None

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _line(process: subprocess.Popen[bytes], within: float) -> bytes:
    """One whole line. Raises TimeoutError, and OSError when the process ended."""
    assert process.stdout is not None
    deadline, line = time.monotonic() + within, b""
    while not line.endswith(b"\n"):
        if not select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))[0]:
            raise TimeoutError
        data = os.read(process.stdout.fileno(), 65536)
        if not data:
            raise BrokenPipeError
        line += data
    return line


def main() -> None:
    """The process itself."""
    from drivers.code_scanner.decode import decode, read_picture, warm_up

    warm_up()
    sys.stdout.buffer.write(_READY)
    sys.stdout.buffer.flush()
    for line in sys.stdin.buffer:
        picture = read_picture(json.loads(line))
        answer: dict[str, Any]
        if picture is None:
            answer = {"text": None, "codes": [], "milliseconds": 0.0, "error": "unreadable"}
        else:
            began = time.perf_counter()
            codes = decode(picture)
            taken = round((time.perf_counter() - began) * 1000, 2)
            answer = {
                "text": codes[0].text if codes else None,
                "codes": [{"text": c.text, "kind": c.kind} for c in codes],
            }
            answer["milliseconds"] = taken
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
