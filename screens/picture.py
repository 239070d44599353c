"""A picture of the window, as a PNG file."""

from __future__ import annotations

from pathlib import Path

from kivy.core.window import Window
from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glPixelStorei, glReadPixels
from PIL import Image

_GL_PACK_ALIGNMENT = 0x0D05


def save(path: Path) -> None:
    """Write what the window shows now to `path`."""
    width, height = Window.size
    glPixelStorei(_GL_PACK_ALIGNMENT, 1)
    pixels = glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE)
    picture = Image.frombytes("RGB", (width, height), bytes(pixels))
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM).save(path)
