"""A small window beside the terminal with which one hand moves the simulated devices: cards, codes, papers, faults.

    python -m drivers.simulators.panel --controls FILE.json --people DIR --codes DIR --papers DIR --font FILE.ttf

FILE.json maps devices to control addresses: {"id_card": "127.0.0.1:4711", "code_scanner": …, "document_camera": …,
"face_camera": …, "receipt_printer": …, "page_printer": …}; a device that is not there has no section. It only sends
the commands one can also type (control.py). For demonstrations; no part of a terminal.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import shlex
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from drivers.simulators.control import command

os.environ.update(
    KIVY_NO_ARGS="1",
    KIVY_NO_CONFIG="1",
    KIVY_NO_FILELOG="1",
    KIVY_LOG_MODE="PYTHON",
    KIVY_WINDOW="sdl2",
)
os.environ.setdefault("KIVY_HOME", str(Path(tempfile.gettempdir()) / f"simulator-panel-{os.getuid()}"))
WIDTH, HEIGHT = 420, 760
FONTS = (
    Path(__file__).resolve().parents[2] / "build" / "fonts" / "NotoSansSC-Regular.otf",
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
)

# who of drivers/simulators/faces can stand before the face camera
FACES = ("wang", "li", "zhao", "chen")
# what is shown -> fault
RECEIPT_FAULTS = {
    "正常 fine": "none",
    "缺纸 no paper": "paper-out",
    "打印中缺纸 midway": "paper-out-midway",
    "卡纸 jam": "jam",
}
PAGE_FAULTS = {"正常 fine": "none", "缺纸 no paper": "paper-out", "缺墨 no toner": "toner-empty", "卡纸 jam": "jam"}


def people(folder: Path) -> dict[str, str]:
    """Label -> command for each person in the folder."""
    found = {}
    for path in sorted(folder.glob("*.json")):
        name = json.loads(path.read_text(encoding="utf-8")).get("name", path.stem)
        found[str(name)] = f"place {shlex.quote(str(path.resolve()))}"
    return found


def pictures(folder: Path) -> dict[str, str]:
    """Label -> command for each picture in the folder."""
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in (".png", ".jpg", ".jpeg"))
    return {path.stem: f"show {shlex.quote(str(path.resolve()))}" for path in paths}


def sections(options: argparse.Namespace, controls: dict[str, str]) -> list[tuple[str, str, dict[str, str]]]:
    """Title, control address and the buttons (label -> command) of each device that is there."""
    wanted: list[tuple[str, str, dict[str, str]]] = []

    def add(title: str, device: str, buttons: dict[str, str]) -> None:
        # a demonstration may call the scanner's camera by what it is
        address = controls.get(device) or controls.get("code_camera" if device == "code_scanner" else "")
        if address:
            wanted.append((title, address, buttons))

    faults = {label: f"fault {name}" for label, name in RECEIPT_FAULTS.items()}
    page_faults = {label: f"fault {name}" for label, name in PAGE_FAULTS.items()}
    add("身份证  ID card", "id_card", {"拿走 lift": "lift", **(people(options.people) if options.people else {})})
    add("二维码  Code", "code_scanner", {"拿走 remove": "clear", **(pictures(options.codes) if options.codes else {})})
    papers = pictures(options.papers) if options.papers else {}
    somebody = {name: f"face {name} lively" for name in FACES}
    add("人脸  Face", "face_camera", {"走开 leave": "clear", **somebody, "照片 photograph": f"face {FACES[0]} look"})
    add("材料  Paper", "document_camera", {"拿走 take away": "clear", **papers})
    add("凭条打印机  Receipt printer", "receipt_printer", faults)
    add("A4 打印机  Page printer", "page_printer", page_faults)
    return wanted


def show(options: argparse.Namespace, wanted: list[tuple[str, str, dict[str, str]]]) -> None:
    """Open the window and return when it is closed."""
    logging.basicConfig(level=logging.ERROR)
    from kivy.config import Config

    for name, value in {"width": WIDTH, "height": HEIGHT, "multisamples": 0, "resizable": 1, "maxfps": 30}.items():
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

    paper, ink, quiet, chosen = (0.95, 0.96, 0.97, 1), (0.1, 0.14, 0.2, 1), (1, 1, 1, 1), (0.1, 0.42, 0.75, 1)
    font = options.font or next((path for path in FONTS if path.exists()), None)
    if font is not None:
        LabelBase.register("Roboto", str(font))

    def fitted(text: str, **style: Any) -> Label:
        label = Label(text=text, color=ink, halign="left", valign="middle", size_hint_y=None, **style)
        label.bind(size=lambda widget, size: setattr(widget, "text_size", size))
        return label

    class Panel(App):
        title = "模拟设备 Simulated devices"

        def build(self) -> BoxLayout:
            Window.clearcolor = paper
            self.message = fitted("", height=32, font_size=14)
            rows = GridLayout(cols=1, size_hint_y=None, spacing=6, padding=(0, 0, 0, 12))
            rows.bind(minimum_height=rows.setter("height"))
            for title, address, buttons in wanted:
                rows.add_widget(fitted(title, height=34, font_size=17, bold=True))
                grid = GridLayout(cols=2, size_hint_y=None, spacing=6, row_default_height=46, row_force_default=True)
                grid.bind(minimum_height=grid.setter("height"))
                group: list[Button] = []
                for label, line in buttons.items():
                    group.append(self.button(label, address, line, group))
                    grid.add_widget(group[-1])
                self.choose(group[0], group)
                rows.add_widget(grid)
            scroll = ScrollView(do_scroll_x=False, bar_width=6)
            scroll.add_widget(rows)
            whole = BoxLayout(orientation="vertical", padding=12, spacing=6)
            whole.add_widget(scroll)
            whole.add_widget(self.message)
            return whole

        def button(self, label: str, address: str, line: str, group: list[Button]) -> Button:
            button = Button(
                text=label, font_size=15, background_normal="", background_down="", shorten=True, shorten_from="right"
            )
            button.bind(size=lambda widget, size: setattr(widget, "text_size", (size[0] - 12, None)), on_release=(
                lambda widget: self.send(widget, address, line, group)
            ))  # fmt: skip
            button.halign = "center"
            return button

        def choose(self, button: Button, group: list[Button]) -> None:
            for one in group:
                one.background_color, one.color = (chosen, quiet) if one is button else (quiet, ink)

        def send(self, button: Button, address: str, line: str, group: list[Button]) -> None:
            def run() -> None:
                try:
                    answer = command(address, line)
                    said = "" if answer["ok"] else str(answer["error"])
                except (OSError, ValueError) as error:
                    said = f"没有回答 no answer: {type(error).__name__}"
                Clock.schedule_once(lambda _: done(said))

            def done(said: str) -> None:
                self.message.text = said
                if not said:
                    self.choose(button, group)

            threading.Thread(target=run, daemon=True).start()

        def on_start(self) -> None:
            if options.screenshot:
                Clock.schedule_once(lambda _: Window.screenshot(name=str(options.screenshot)), 0.5)
                Clock.schedule_once(lambda _: self.stop(), 0.8)

    Panel().run()


def main() -> int:
    """Read the options, open the window."""
    parser = argparse.ArgumentParser(prog="python -m drivers.simulators.panel", description=__doc__)
    parser.add_argument("--controls", type=Path, required=True)
    for folder in ("--people", "--codes", "--papers"):
        parser.add_argument(folder, type=Path)
    parser.add_argument("--font", type=Path, help="a font file with Chinese characters")
    parser.add_argument("--at", metavar="X,Y", help="where the window stands")
    parser.add_argument("--screenshot", type=Path, help="save a picture of the window and end")
    options = parser.parse_args()
    try:
        wanted = sections(options, json.loads(options.controls.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        parser.error(str(error))
    show(options, wanted)
    return 0


if __name__ == "__main__":
    sys.exit(main())
