"""A network cable that counts what a terminal sends, and breaks where a test says."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path

from demo.cable import Cable


class MeasuredCable(Cable):
    """Counts bytes towards the platform. It is cut after `cut_after` of them, or when the next answer comes back."""

    def __init__(self, target: int) -> None:
        self.sent = 0
        self.cut_after: int | None = None
        self.lose_next_answer = False
        super().__init__(target)

    def _copy(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            towards_platform = sink.getpeername()[1] == self._target
            while data := source.recv(16384):
                if towards_platform:
                    self.sent += len(data)
                    if self.cut_after is not None and self.sent >= self.cut_after:
                        self.cut_after = None
                        self.cut()
                elif self.lose_next_answer:
                    self.lose_next_answer = False
                    self.cut()
                sink.sendall(data)
        for connection in (source, sink):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        with self._lock:
            self._connections -= {source, sink}


def write_settings(data: Path, terminal_id: str, port: int) -> None:
    """terminal.toml of a terminal that does not wait long."""
    (data / "terminal.toml").write_text(
        f'[terminal]\nid = "{terminal_id}"\nlabel = "A01"\nhall_zh = "大厅"\n'
        f'[fleet]\nurl = "https://localhost:{port}"\n[sync]\nheartbeat = 0.3\nrefresh = 300.0\n',
        "utf-8",
    )
