"""Terminals and sync agents that start at once, to be killed at once: `python -m tests.chaos.nursery`.

Everything they import is loaded here; for each line of JSON that comes in a child is forked, its process id goes out:

    {"what": "terminal", "arguments": [DATA, SOCKET, FOLDER], "log": FILE, "steps": 0}
    {"what": "agent", "arguments": ["--data", DATA], "log": FILE, "steps": 3}

With `steps` above 0 the child kills itself right after that many durable steps: commits, and checkpoints of the store.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from offline_cache.store import Store
from offline_cache.sync.__main__ import main as agent
from tests.faults.terminal_program import main as terminal


def main() -> None:
    """Until nobody asks any more; the children are ended by whoever asked for them."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # they leave no zombies
    print("ready", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if not child:
            _run(asked)
        print(child, flush=True)


def _run(asked: dict[str, Any]) -> None:
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    if asked["steps"]:
        _die_after(asked["steps"])
    status = 1
    try:
        if asked["what"] == "agent":
            status = agent(asked["arguments"])
        else:
            terminal(*map(Path, asked["arguments"]))
            status = 0
    finally:
        os._exit(status)


def _die_after(steps: int) -> None:
    left = steps

    def step() -> None:
        nonlocal left
        left -= 1
        if not left:
            os.killpg(0, signal.SIGKILL)

    transaction, checkpoint = Store.transaction, Store.checkpoint

    @contextmanager
    def counted(self: Store) -> Iterator[Database]:
        with transaction(self) as db:
            yield db
        step()

    def counted_checkpoint(self: Store) -> bool:
        done = checkpoint(self)
        step()
        return done

    changed: dict[str, Callable[..., Any]] = {"transaction": counted, "checkpoint": counted_checkpoint}
    for name, function in changed.items():
        setattr(Store, name, function)


if __name__ == "__main__":
    main()
