"""The agent goes on where it cannot do its work."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from pathlib import Path

from offline_cache.sync.agent import Agent

SETTINGS = """
[terminal]
id = "T-1"
label = "A01"
hall_zh = "示例大厅"
[fleet]
url = "https://127.0.0.1:1"
[sync]
heartbeat = 0.2
"""


def test_a_full_disk_and_no_network_do_not_end_the_agent(small_disk: Path) -> None:
    (small_disk / "terminal.toml").write_text(SETTINGS, "utf-8")
    (small_disk / "pki").mkdir()
    for name in ("ca.crt", "device.crt", "device.key"):
        (small_disk / "pki" / name).write_text("never read: nobody listens there", "ascii")
    agent = Agent(small_disk)
    filler = small_disk / "filler"
    descriptor = os.open(filler, os.O_WRONLY | os.O_CREAT)
    with contextlib.suppress(OSError):
        while True:
            os.write(descriptor, b"x" * 4096)
    os.close(descriptor)
    stop, ended = threading.Event(), threading.Event()

    def run() -> None:
        agent.run(stop)
        ended.set()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    time.sleep(3)
    assert thread.is_alive()
    filler.unlink()
    time.sleep(1.5)
    assert thread.is_alive()
    stop.set()
    thread.join(10)
    assert ended.is_set()
