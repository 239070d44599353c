"""A small window beside the terminal with which one hand moves everything around it: cards, codes, a phone, papers.

    python -m drivers.simulators.panel --sections FILE.json --font FILE.ttf

FILE.json: {"who": [NAME, …], "sections": [{"title", "address": "127.0.0.1:4711", "buttons": {LABEL: COMMAND, …},
"acts": false, "watch": COMMAND}, …]}. Somebody is chosen above; "{who}" in a command is their name. A button stays
marked as the state it made, unless its section "acts". What "watch" answers as "text" is shown every second. The panel
only sends commands one can also type (control.py). For demonstrations; no part of a terminal.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any, TypedDict

from drivers.simulators.control import command

os.environ.update(
    KIVY_NO_ARGS="1",
    KIVY_NO_CONFIG="1",
    KIVY_NO_FILELOG="1",
    KIVY_LOG_MODE="PYTHON",
    KIVY_WINDOW="sdl2",
)
os.environ.setdefault("KIVY_HOME", str(Path(tempfile.gettempdir()) / f"simulator-panel-{os.getuid()}"))
SIZE = "560x900"
COLUMNS = 4
FONTS = (
    Path(__file__).resolve().parents[2] / "build" / "fonts" / "NotoSansSC-Regular.otf",
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
)
WATCH_SECONDS = 1.0


class Section(TypedDict, total=False):
    """One device: see above."""

    title: str
    address: str
    buttons: dict[str, str]
    acts: bool
    watch: str


class Desk(TypedDict):
    """Everything on the panel."""

    who: list[str]
    sections: list[Section]


def answered(address: str, line: str) -> dict[str, Any]:
    """The answer to a command; {"ok": False, "error": …} where nobody answers."""
    try:
        return command(address, line)
    except (OSError, ValueError) as error:
        return {"ok": False, "error": f"没有回答 no answer: {type(error).__name__}"}


def show(options: argparse.Namespace, desk: Desk) -> None:
    """Open the window and return when it is closed."""
    logging.basicConfig(level=logging.ERROR)
    from kivy.config import Config

    width, height = options.size.split("x")
    for name, value in {"width": width, "height": height, "multisamples": 0, "resizable": 1, "maxfps": 30}.items():
        Config.set("graphics", name, str(value))
    if options.at:
        left, _, top = options.at.partition(",")
        for name, value in {"position": "custom", "left": left, "top": top}.items():
            Config.set("graphics", name, value)
    for provider in Config.options("input"):
        Config.remove_option("input", provider)
    Config.set("input", "mouse", "mouse,disable_multitouch")

    from kivy.app import App
    from kivy.clock import Clock
    from kivy.core.text import LabelBase
    from kivy.core.window import Window
    from kivy.uix.boxlayout import BoxLayout
    from kivy.uix.button import Button
    from kivy.uix.gridlayout import GridLayout
    from kivy.uix.label import Label
    from kivy.uix.scrollview import ScrollView

    paper, ink, white, chosen = (0.93, 0.95, 0.96, 1), (0.06, 0.12, 0.18, 1), (1, 1, 1, 1), (0.04, 0.31, 0.42, 1)
    pressed = (0.8, 0.88, 0.92, 1)
    font = options.font or next((path for path in FONTS if path.exists()), None)
    if font is not None:
        LabelBase.register("Roboto", str(font))

    def fitted(text: str, height: int, **style: Any) -> Label:
        label = Label(text=text, color=ink, halign="left", valign="middle", size_hint_y=None, height=height, **style)
        label.bind(size=lambda widget, size: setattr(widget, "text_size", size))
        return label

    class Panel(App):
        title = "模拟设备 Simulated devices"

        def build(self) -> BoxLayout:
            Window.clearcolor = paper
            self.who = desk["who"][0] if desk["who"] else ""
            self.message = fitted("", 36, font_size=15)
            rows = BoxLayout(orientation="vertical", size_hint_y=None, spacing=4, padding=(0, 0, 8, 8))
            rows.bind(minimum_height=rows.setter("height"))
            if desk["who"]:
                rows.add_widget(fitted("谁来办事  Who stands here", 28, font_size=16, bold=True))
                rows.add_widget(self.grid({name: name for name in desk["who"]}, self.stand))
            for section in desk["sections"]:
                rows.add_widget(fitted(section["title"], 28, font_size=16, bold=True))
                rows.add_widget(self.grid(section["buttons"], self.sender(section), section.get("acts", False)))
                if "watch" in section:
                    said = fitted("", 48, font_size=15)
                    rows.add_widget(said)
                    Clock.schedule_interval(self.watcher(section, said), WATCH_SECONDS)
            scroll = ScrollView(do_scroll_x=False, bar_width=6)
            scroll.add_widget(rows)
            whole = BoxLayout(orientation="vertical", padding=12, spacing=4)
            whole.add_widget(scroll)
            whole.add_widget(self.message)
            return whole

        def grid(self, buttons: dict[str, str], act: Any, acts: bool = False) -> GridLayout:
            grid = GridLayout(cols=COLUMNS, size_hint_y=None, spacing=6, row_default_height=46, row_force_default=True)
            grid.bind(minimum_height=grid.setter("height"))
            group: list[Button] = []
            for label, line in buttons.items():
                button = Button(text=label, font_size=14, background_normal="", background_down="", halign="center")
                button.bind(size=lambda widget, size: setattr(widget, "text_size", (size[0] - 8, None)))
                button.bind(on_release=lambda widget, line=line: act(widget, line, [] if acts else group))
                group.append(button)
                grid.add_widget(button)
            self.choose(None if acts else group[0], group)
            return grid

        def choose(self, button: Button | None, group: list[Button]) -> None:
            for one in group:
                one.background_color, one.color = (chosen, white) if one is button else (white, ink)

        def stand(self, button: Button, name: str, group: list[Button]) -> None:
            self.who = name
            self.choose(button, group)

        def sender(self, section: Section) -> Any:
            def send(button: Button, line: str, group: list[Button]) -> None:
                before, button.background_color = button.background_color, pressed
                ink_before, button.color = button.color, ink
                self.message.text = "…"

                def done(answer: dict[str, Any]) -> None:
                    button.background_color, button.color = before, ink_before
                    self.message.text = str(answer.get("said", "")) if answer["ok"] else str(answer["error"])
                    if answer["ok"] and group:
                        self.choose(button, group)

                self.ask(section, line, done)

            return send

        def watcher(self, section: Section, label: Label) -> Any:
            def shown(answer: dict[str, Any]) -> None:
                label.text = str(answer.get("text", ""))

            return lambda _: self.ask(section, section["watch"], shown)

        def ask(self, section: Section, line: str, done: Any) -> None:
            words = line.replace("{who}", self.who)

            def run() -> None:
                answer = answered(section["address"], words)
                Clock.schedule_once(lambda _: done(answer))

            threading.Thread(target=run, daemon=True).start()

        def on_start(self) -> None:
            if options.screenshot:
                Clock.schedule_once(lambda _: Window.screenshot(name=str(options.screenshot)), 0.5)
                Clock.schedule_once(lambda _: self.stop(), 0.8)

    Panel().run()


def main() -> int:
    """Read the options, open the window."""
    parser = argparse.ArgumentParser(prog="python -m drivers.simulators.panel", description=__doc__)
    parser.add_argument("--sections", type=Path, required=True)
    parser.add_argument("--font", type=Path, help="a font file with Chinese characters")
    parser.add_argument("--at", metavar="X,Y", help="where the window stands")
    parser.add_argument("--size", metavar="WxH", default=SIZE, help=f"how large it is; {SIZE} without it")
    parser.add_argument("--screenshot", type=Path, help="save a picture of the window and end")
    options = parser.parse_args()
    try:
        desk = json.loads(options.sections.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        parser.error(str(error))
    show(options, desk)
    return 0


if __name__ == "__main__":
    sys.exit(main())
