"""Pictures of every page: `python -m screens.gallery --out build/gallery [--care] [--language en] [--only NAME…]`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from screens.environment import prepare


def draw(frames: int = 12) -> None:
    """Let Kivy settle: lay out and draw for some frames."""
    from kivy.base import EventLoop

    for _ in range(frames):
        EventLoop.idle()


def main(arguments: list[str] | None = None) -> None:
    """Save a picture of each sample page. Without a display it draws off screen."""
    parser = argparse.ArgumentParser(prog="python -m screens.gallery")
    parser.add_argument("--out", type=Path, default=Path("build/gallery"))
    parser.add_argument("--care", action="store_true")
    parser.add_argument("--language", default="zh")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--width", type=int, default=1080)
    options = parser.parse_args(arguments)
    if "DISPLAY" not in os.environ:
        os.environ["SDL_VIDEODRIVER"] = "offscreen"
    prepare(options.width, options.width * 16 // 9, borderless=True, cursor=False)

    from kivy.base import EventLoop, runTouchApp
    from kivy.core.window import Window

    from kiosk.journey.views import FaceView, Preview, ScanView
    from screens.login_samples import face_picture
    from screens.picture import save
    from screens.samples import snapshots
    from screens.scan_samples import CORNERS, page_picture
    from screens.stage import Stage

    stage = Stage(lambda intent: None)
    Window.add_widget(stage)
    runTouchApp(embedded=True)
    live = Preview(page_picture(), CORNERS)
    for name, snapshot in snapshots(options.language, options.care).items():
        if options.only and name not in options.only:
            continue
        stage.show(snapshot)
        if isinstance(snapshot.view, ScanView):
            stage.preview(live)
        if isinstance(snapshot.view, FaceView):
            stage.preview(Preview(face_picture(), None))
        draw(60 if snapshot.chrome.aloud and snapshot.chrome.aloud.reading else 12)
        save(options.out / f"{name}.png")
    EventLoop.close()


if __name__ == "__main__":
    main()
