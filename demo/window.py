"""The terminal in a window for a person with a mouse, beside a panel to put cards, codes and papers on it."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from demo.desk import Desk
from demo.display import Display, geometry
from demo.programs import Failed, Program, python
from demo.screen import Screen
from demo.town import Town, fresh

#: the panel is at least and at most this wide, and at least so tall where the screen is
NARROW, WIDE, TALL = 420, 560, 900


def open_window(out: Path, size: str) -> int:
    """Bring the town up, open terminal and panel, and wait until one of them is closed."""
    display = Display.own()
    if display is None:
        print("there is no display: ./run kiosk opens a window; ./run demo needs none", file=sys.stderr)
        return 2
    town = Town(fresh(out))
    panel: Program | None = None
    try:
        print("bringing up platform, devices and terminal …", file=sys.stderr)
        town.plug_in_devices()
        town.open_platform()
        town.platform_ready()
        assert town.devices is not None
        town.devices.ready()
        town.enrol()
        town.fetch_release()
        town.start_agent()
        size = size or f"{display.size[0]}x{display.size[1]}"
        town.start_terminal(display.name, size)
        panel = _panel(town, display.name, size)
        print("close a window to end", file=sys.stderr)
        while _both(town, panel):
            time.sleep(0.5)
    except Failed as error:
        print(f"failed: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    finally:
        if panel is not None:
            panel.stop()
        town.stop()
    return 0


def _both(town: Town, panel: Program) -> bool:
    return town.terminal is not None and town.terminal.running and panel.running


def _panel(town: Town, display: str, size: str) -> Program:
    """The panel: people's cards, phones and faces, papers, faults."""
    desk = Desk(town, Screen(display, town.accessibility))
    sections = town.out / "panel.json"
    sections.write_text(json.dumps(desk.sections(), ensure_ascii=False), "utf-8")
    place, extent = _beside(display, size)
    command = python("drivers.simulators.panel", "--sections", str(sections), "--at", place, "--size", extent)
    return Program("panel", command, town.log / "panel.log", {"DISPLAY": display, "SDL_VIDEODRIVER": "x11"})


def _beside(display: str, size: str) -> tuple[str, str]:
    """Where the panel stands, and its size: right of the terminal, which stands in the middle; always on the screen."""
    width, height = geometry(display)
    own, tall = (int(part) for part in size.split("x"))
    left, top = (width + own) // 2 + 16, max(0, (height - tall) // 2)
    wide = max(NARROW, min(WIDE, width - left))
    return f"{max(0, min(left, width - wide))},{top}", f"{wide}x{min(height - top, max(tall, TALL))}"
