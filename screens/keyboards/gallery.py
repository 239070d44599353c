"""Pictures of the keyboard in each state: `python -m screens.keyboards.gallery --out build/keyboards`.

Starts a virtual screen of its own (Debian xvfb), so that it draws the same on every machine.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from screens import environment

if TYPE_CHECKING:
    from kivy.uix.label import Label

    from screens.keyboards.engines import Engines
    from screens.keyboards.keyboard import Keyboard

WIDTH, HEIGHT = 1080, 1010
#: seconds for an engine to answer: the first key waits until it has started, and perhaps made its dictionary
ANSWER_LIMIT = 180.0
#: seconds after a stroke, the pen's rest among them, or a part: the answer is there, and the picture's candidates too
OTHERS = 1.2

#: name of the picture, layout, what is tapped (names of keys or other control_ids), and other properties
SHOTS: tuple[tuple[str, str, str, dict[str, object]], ...] = (
    ("pinyin", "pinyin", "", {}),
    ("pinyin-composing", "pinyin", "d a n y u a n", {}),
    ("pinyin-initials", "pinyin", "s b", {}),
    ("pinyin-long", "pinyin", "x i a n g g a n g z h o n g l u", {}),
    ("pinyin-more", "pinyin", "s h i candidate:more candidate:more", {}),
    ("pinyin-none", "pinyin", "v", {}),
    ("pinyin-capital", "pinyin", "shift", {}),
    ("pinyin-care", "pinyin", "d a n y u a n", {"care": True}),
    ("pinyin-english", "pinyin", "", {"language": "en"}),
    ("handwriting", "handwriting", "", {}),
    ("handwriting-ink", "handwriting", "ink:", {}),
    ("handwriting-care-english", "handwriting", "ink:", {"care": True, "language": "en"}),
    ("rare-parts", "rare_parts", "", {}),
    ("rare-parts-strokes", "rare_parts", "strokes:5", {}),
    ("rare-parts-chosen", "rare_parts", "part:10", {}),
    ("rare-parts-two", "rare_parts", "part:10 part:3", {}),
    ("rare-parts-care", "rare_parts", "part:10", {"care": True}),
    ("rare-parts-english", "rare_parts", "", {"language": "en"}),
    ("rare-sound", "rare_sound", "j i j i", {}),
    ("rare-code", "rare_code", "2 0 B B 7", {}),
    ("latin", "latin", "", {}),
    ("latin-capital", "latin", "shift", {}),
    ("latin-english", "latin", "", {"language": "en"}),
    ("symbols", "symbols", "", {}),
    ("digits", "digits", "", {}),
    ("id", "id", "", {}),
    ("number", "number", "", {}),
    ("integer", "integer", "", {}),
    ("amount", "amount", "", {}),
    ("decimal", "decimal", "", {}),
)

#: the strokes of 永 as a hand writes them, in a square of 200
INK = (
    ((92, 14), (104, 22), (113, 34)),
    ((72, 58), (90, 57), (112, 52), (108, 90), (107, 130), (108, 178), (104, 188), (94, 182), (82, 172)),
    ((30, 98), (50, 95), (76, 88), (66, 116), (50, 140), (26, 164)),
    ((164, 62), (152, 76), (134, 92), (118, 102)),
    ((114, 100), (126, 122), (144, 146), (164, 164), (184, 174)),
)


@contextmanager
def virtual_screen(width: int, height: int) -> Iterator[str]:
    """An X display of its own, its name given; ended afterwards. Raises OSError without Xvfb."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"]
    xvfb = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as pipe:
            yield f":{pipe.readline().strip()}"
    finally:
        xvfb.terminate()
        xvfb.wait(5)


def take(out: Path) -> list[Path]:
    """Takes all pictures into `out`, in a window on the display that DISPLAY names."""
    environment.prepare(WIDTH, HEIGHT, borderless=True, cursor=False)
    from kivy.base import EventLoop
    from kivy.core.window import Window
    from kivy.uix.label import Label

    from screens import fonts
    from screens.keyboards import engines
    from screens.keyboards.keyboard import Keyboard

    fonts.register()
    Window.clearcolor = (0.93, 0.95, 0.96, 1)
    EventLoop.start()
    wake(engines.shared())
    out.mkdir(parents=True, exist_ok=True)
    taken = []
    for name, layout, typed, values in SHOTS:
        keyboard = Keyboard(layout=layout, width=WIDTH, size_hint=(None, None), **values)
        written = Label(
            font_size=44, color="#0F1F2E", pos=(0, keyboard.height), size=(WIDTH, 120), size_hint=(None, None)
        )
        keyboard.bind(on_text=_append_to(written))
        Window.add_widget(keyboard)
        Window.add_widget(written)
        EventLoop.idle()
        for control in typed.split():
            if control == "ink:":
                _write(keyboard)
            else:
                _tap(keyboard, control if control.startswith("candidate:") else f"key:{control}")
            settle(keyboard)
        written.text += keyboard.composing
        EventLoop.idle()
        _save(Window, out / f"{name}.png")
        taken.append(out / f"{name}.png")
        keyboard.reset()
        Window.remove_widget(keyboard)
        Window.remove_widget(written)
    return taken


def _append_to(label: Label) -> Callable[[object, str], None]:
    def append(_: object, text: str) -> None:
        label.text += text

    return append


def wake(engines: Engines) -> None:
    """Until every engine has answered once: from then on each answers in milliseconds. Raises TimeoutError."""
    answered: list[object] = []
    engines.pinyin.clear(answered.append)
    engines.handwriting.write([[[0, 0], [90, 0]]], answered.append)
    engines.handwriting.rest([[[0, 0], [90, 0]]], answered.append)
    engines.rare.ask("sound", "ji", answered.append)
    _idle_until(lambda: len(answered) == 4)


def settle(keyboard: Keyboard) -> None:
    """Until pinyin has answered everything, and as long as the others need. Raises TimeoutError."""
    _idle_until(lambda: not keyboard.awaits)
    if keyboard.layout != "pinyin":
        until = time.monotonic() + OTHERS
        _idle_until(lambda: time.monotonic() > until)


def _idle_until(done: Callable[[], bool]) -> None:
    from kivy.base import EventLoop

    until = time.monotonic() + ANSWER_LIMIT
    while not done():
        if time.monotonic() > until:
            raise TimeoutError("an engine of the keyboard does not answer")
        EventLoop.idle()


def _tap(keyboard: Keyboard, control_id: str) -> None:
    for widget in keyboard.walk():
        if getattr(widget, "control_id", "") == control_id:
            widget.dispatch("on_tap")
            return
    raise LookupError(control_id)


def _write(keyboard: Keyboard) -> None:
    """Writes 永 on the pad."""
    from kivy.base import EventLoop
    from kivy.tests.common import UnitTestTouch

    [pad] = [widget for widget in keyboard.walk() if getattr(widget, "control_id", "") == "key:pad"]
    for stroke in INK:
        points = [(pad.center_x + x * 2.2 - 220, pad.top - 20 - y * 2.2) for x, y in stroke]
        touch = UnitTestTouch(*points[0])
        touch.eventloop = EventLoop
        touch.touch_down()
        for point in points[1:]:
            touch.touch_move(*point)
        touch.touch_up()


def _save(window: object, picture: Path) -> None:
    made = Path(window.screenshot(name=str(picture)))  # type: ignore[attr-defined]
    made.replace(picture)


def main() -> int:
    """The command line."""
    options = argparse.ArgumentParser(description="Take pictures of the keyboard.")
    options.add_argument("--out", type=Path, default=Path("build/keyboards"))
    out: Path = options.parse_args().out
    with virtual_screen(WIDTH, 1920) as display:
        os.environ["DISPLAY"] = display
        for picture in take(out):
            print(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
