"""The terminal in a window for a person with a mouse, beside a panel to put cards, codes and papers on it."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import segno

from demo.display import Display, geometry
from demo.programs import Failed, Program, python
from demo.town import CITY, Town, fresh

#: the panel is this wide
PANEL_WIDTH = 420
#: how long a code nobody has shown yet stays good: a day at the mouse
CODE_SECONDS = 8 * 3600.0


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
        phones = Phones(town)
        panel = _panel(town, phones, display.name, _beside(display.name, size))
        print("close a window to end", file=sys.stderr)
        while _both(town, panel):
            phones.tend()
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


class Phones:
    """The citizens' phones: a picture of a code each. A code works once, so one that was shown is renewed."""

    def __init__(self, town: Town) -> None:
        self.folder = town.out / "codes"
        self.folder.mkdir()
        self._town = town
        self._numbers = {f"{person['name']}.png": person["number"] for person in town.people}
        self._shown = ""
        for name in self._numbers:
            self._renew(name)

    def tend(self) -> None:
        """Renew the code that was taken away from the scanner. Raises Failed when the camera is gone."""
        assert self._town.devices is not None
        now = Path(str(self._town.devices.code_camera.tell("state")["file"])).name
        if self._shown and now != self._shown:
            self._renew(self._shown)
        self._shown = now

    def _renew(self, name: str) -> None:
        code = self._town.citizen_code(self._numbers[name], lifetime=CODE_SECONDS)
        segno.make(code, error="m").save(str(self.folder / name), scale=8, border=6)


def _panel(town: Town, phones: Phones, display: str, place: str) -> Program:
    """The simulators' panel: people's cards, their codes, papers, printer faults."""
    people = town.out / "people"
    people.mkdir()
    for person in town.people:
        (people / f"{person['name']}.json").write_text(json.dumps(person, ensure_ascii=False), "utf-8")
    assert town.devices is not None
    controls = town.out / "controls.json"
    controls.write_text(json.dumps({n: d.announced["control"] for n, d in town.devices.all.items()}), "utf-8")
    arguments = ["--people", str(people), "--codes", str(phones.folder), "--papers", str(CITY / "papers")]
    command = python("drivers.simulators.panel", *arguments, "--controls", str(controls), "--at", place)
    return Program("panel", command, town.log / "panel.log", {"DISPLAY": display, "SDL_VIDEODRIVER": "x11"})


def _beside(display: str, size: str) -> str:
    """Where the panel stands: right of the terminal's window, which stands in the middle; always on the screen."""
    width, height = geometry(display)
    own, tall = (int(part) for part in size.split("x"))
    return f"{max(0, min((width + own) // 2 + 16, width - PANEL_WIDTH))},{max(0, (height - tall) // 2)}"
