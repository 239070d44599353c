"""A terminal as a program of its own, as `kiosk` runs it but with a socket in place of a screen.

    python -m tests.faults.terminal_program DATA SOCKET FOLDER

Works in FOLDER, logs to standard error, and says on standard output when SOCKET can be connected to. Snapshots go out
and intents come in, pickled; CARD asks for the medium of the ID card reader.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import sys
import threading
from multiprocessing.connection import Listener
from pathlib import Path

from kiosk.terminal import Terminal, keep_temporary_files_in_memory

CARD = "card?"


def main(data: Path, socket: Path, folder: Path) -> None:
    """Run until whoever holds the other end of the line lets go."""
    os.chdir(folder)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s", force=True)
    # as a shell with `ulimit -c unlimited` would start it
    most = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))
    keep_temporary_files_in_memory()
    terminal = Terminal.open(data)
    with Listener(str(socket), "AF_UNIX") as listener:
        print(json.dumps({"socket": str(socket)}), flush=True)
        line = listener.accept()
    one_at_a_time = threading.Lock()

    def tell(what: object) -> None:
        with one_at_a_time:
            line.send(what)

    terminal.subscribe(tell, lambda preview: None)
    terminal.start()
    try:
        while True:
            said = line.recv()
            if said == CARD:
                reader = terminal.parts.devices.id_card
                tell(reader.status.media if reader else None)
            else:
                terminal.send(said)
    except (EOFError, OSError):
        terminal.stop()


if __name__ == "__main__":
    main(*(Path(argument).resolve() for argument in sys.argv[1:]))
