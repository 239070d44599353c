"""Pictures of the keyboard in each state: `python -m screens.keyboards.gallery --out build/keyboards`.

Starts a virtual screen of its own (Debian xvfb), so that it draws the same on every machine.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from screens import environment

if TYPE_CHECKING:
    from kivy.uix.label import Label

    from screens.keyboards.keyboard import Keyboard

WIDTH, HEIGHT = 1080, 780

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
    ("latin", "latin", "", {}),
    ("latin-capital", "latin", "shift", {}),
    ("latin-english", "latin", "", {"language": "en"}),
    ("symbols", "symbols", "", {}),
    ("digits", "digits", "", {}),
    ("id", "id", "", {}),
    ("number", "number", "", {}),
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
    from screens.keyboards.keyboard import Keyboard

    fonts.register()
    Window.clearcolor = (0.93, 0.95, 0.96, 1)
    EventLoop.start()
    out.mkdir(parents=True, exist_ok=True)
    taken = []
    for name, layout, typed, values in SHOTS:
        keyboard = Keyboard(layout=layout, size=(WIDTH, 636), size_hint=(None, None), **values)
        written = Label(font_size=44, color="#0F1F2E", pos=(0, 650), size=(WIDTH, 120), size_hint=(None, None))
        keyboard.bind(on_text=_append_to(written))
        Window.add_widget(keyboard)
        Window.add_widget(written)
        for control in typed.split():
            _tap(keyboard, control if ":" in control else f"key:{control}")
            for _ in range(10):
                EventLoop.idle()
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


def _tap(keyboard: Keyboard, control_id: str) -> None:
    for widget in keyboard.walk():
        if getattr(widget, "control_id", "") == control_id:
            widget.dispatch("on_tap")
            return
    raise LookupError(control_id)


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
