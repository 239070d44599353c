"""The terminal's program: `kiosk --data DIR` (or `python -m screens --data DIR`)."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from screens.environment import prepare


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    return int(width), int(height)


def main(arguments: list[str] | None = None) -> None:
    """Run the kiosk until it is told to stop."""
    parser = argparse.ArgumentParser(prog="kiosk", description="The citizens' screen of a terminal.")
    parser.add_argument("--data", type=Path, required=True, help="the terminal's data folder")
    parser.add_argument("--size", type=_size, default=(1080, 1920), help="window size, 1080x1920 or 540x960")
    parser.add_argument("--borderless", action="store_true", help="no frame, at the screen's top left (in service)")
    parser.add_argument("--no-cursor", action="store_true", help="hide the mouse pointer (in service)")
    parser.add_argument(
        "--accessibility",
        type=Path,
        metavar="SOCKET",
        help="tell what is on the screen over this Unix socket; never in service: it shows what citizens write",
    )
    options = parser.parse_args(arguments)
    prepare(*options.size, borderless=options.borderless, cursor=not options.no_cursor)

    # Kivy takes the root logger over when it is first imported
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s", force=True)
    logging.getLogger("kivy").setLevel(logging.WARNING)
    from kiosk.terminal import CannotStart, Terminal, keep_temporary_files_in_memory
    from screens.app import KioskApp

    try:
        keep_temporary_files_in_memory()
        terminal = Terminal.open(options.data)
    except CannotStart as error:
        sys.exit(f"kiosk: {error}")
    KioskApp(terminal, options.accessibility, options.data).run()


if __name__ == "__main__":
    main()
