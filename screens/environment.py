"""Kivy's environment and configuration: must be prepared before anything else of Kivy is imported."""

from __future__ import annotations

import logging
import os
import tempfile
from pathlib import Path

#: The width every page is designed for; one design pixel is 1 dp.
DESIGN_WIDTH = 1080


def _worth_saying(record: logging.LogRecord) -> bool:
    """Kivy mourns each input library it finds missing, with a traceback; none of them is used here."""
    return not record.getMessage().startswith("Input: MTDev")


def prepare(width: int = 1080, height: int = 1920, *, borderless: bool = False, cursor: bool = True) -> None:
    """Set Kivy up as a kiosk: no command line, no config file, no log file, one touch device, no escape keys.

    The density is set so that the design's 1080 dp fill `width` pixels.
    """
    home = Path(os.environ.get("KIVY_HOME") or Path(tempfile.gettempdir()) / f"bianmin-kivy-{os.getuid()}")
    home.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        KIVY_NO_ARGS="1",
        KIVY_NO_CONFIG="1",
        KIVY_NO_FILELOG="1",
        KIVY_LOG_MODE="PYTHON",
        KIVY_WINDOW="sdl2",
        KIVY_HOME=str(home),
        SDL_VIDEO_X11_WMCLASS="bianmin-kiosk",
        KIVY_DPI="96",
        KIVY_METRICS_DENSITY=repr(width / DESIGN_WIDTH),
        KIVY_METRICS_FONTSCALE="1",
    )
    logging.getLogger("kivy").addFilter(_worth_saying)
    from kivy.config import Config

    graphics: dict[str, object] = {
        "width": width,
        "height": height,
        "borderless": int(borderless),
        "resizable": 0,
        "fullscreen": 0,
        "multisamples": 0,
        "maxfps": 60,
        "show_cursor": int(cursor),
    }
    if borderless:
        graphics |= {"position": "custom", "left": 0, "top": 0}
    for option, value in graphics.items():
        Config.set("graphics", option, str(value))
    for option in Config.options("input"):
        Config.remove_option("input", option)
    Config.set("input", "mouse", "mouse,disable_multitouch")
    Config.set("kivy", "exit_on_escape", "0")
    Config.set("kivy", "keyboard_mode", "systemandmulti")
    Config.set("kivy", "log_level", "warning")
