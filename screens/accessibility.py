"""What is on the screen, told over a Unix socket: for a screen reader, and for the demo's hands.

Off unless asked for by --accessibility, and never on in service: it shows what citizens write to any program that
may open the socket. Each line asked gets one line of JSON:

    tree             {"screen": "LoginView", "controls": [{"role", "id", "name", "x", "y", "w", "h", "enabled",
                     "visible", and where they apply "field", "value", "selected"}, …]}
    screenshot PATH  {"saved": PATH}

Rectangles are the visible part in the window's pixels, from the top left; a control scrolled out of sight or lying
under a notice has "visible": false.
"""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.uix.scrollview import ScrollView
from kivy.uix.widget import Widget

from screens.picture import save
from screens.stage import Stage
from screens.widgets.notice import NoticeOverlay

#: seconds to wait for Kivy's thread
PATIENCE = 10
#: seconds, two frames and more: what was asked for just now has been laid out and drawn
SOON = 0.05
#: frames after which a page that never rests is told as it stands
FRAMES = 10
Rectangle = tuple[float, float, float, float]


def tree(stage: Stage) -> dict[str, Any]:
    """The controls of the page, in reading order. To be called on Kivy's thread."""
    width, height = Window.size
    controls = [control for control, _ in _visit(stage, (0, 0, width, height), shown=True, covered=stage.covered)]
    return {"screen": type(stage.page.view).__name__ if stage.page else "", "controls": controls}


def _visit(widget: Widget, clip: Rectangle, shown: bool, covered: bool) -> Iterator[tuple[dict[str, Any], Widget]]:
    shown = shown and widget.opacity > 0
    if isinstance(widget, NoticeOverlay):
        covered = False
    role = getattr(widget, "role", "")
    name = getattr(widget, "control_name", "") or getattr(widget, "text", "")
    identity = getattr(widget, "control_id", "")
    if role and (identity or (role == "text" and name)):
        yield _describe(widget, clip, role, identity, name, shown and not covered), widget
    if isinstance(widget, ScrollView):
        clip = _meet(clip, _rectangle(widget)) or (0, 0, 0, 0)
    for child in reversed(widget.children):
        yield from _visit(child, clip, shown, covered)


def _describe(widget: Widget, clip: Rectangle, role: str, identity: str, name: str, shown: bool) -> dict[str, Any]:
    whole = _rectangle(widget)
    part = _meet(whole, clip) if shown else None
    x, y, w, h = part or whole
    told: dict[str, Any] = {
        "role": role,
        "id": identity or "text",
        "name": name,
        "x": round(x),
        "y": round(y),
        "w": round(w),
        "h": round(h),
        "enabled": not widget.disabled and not getattr(widget, "resting", False),
        "visible": part is not None,
    }
    if getattr(widget, "control_field", ""):
        told["field"] = widget.control_field
    if role == "field":
        told["value"] = widget.text
        told["focused"] = widget.focused
    if role == "choice" or getattr(widget, "selected", False):
        told["selected"] = bool(widget.selected)
    return told


def _rectangle(widget: Widget) -> Rectangle:
    """Where a widget is in the window, from the top left, in pixels."""
    left, base = widget.to_window(*widget.pos)
    return left, Window.height - base - widget.height, widget.width, widget.height


def _meet(a: Rectangle, b: Rectangle) -> Rectangle | None:
    x, y = max(a[0], b[0]), max(a[1], b[1])
    right, bottom = min(a[0] + a[2], b[0] + b[2]), min(a[1] + a[3], b[1] + b[3])
    return (x, y, right - x, bottom - y) if right - x >= 1 and bottom - y >= 1 else None


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        for line in self.rfile:
            answer = self.server.owner.answer(line.decode().strip())  # type: ignore[attr-defined]
            self.wfile.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    owner: AccessibilityServer


class AccessibilityServer:
    """Serves one stage on a socket only this user may open."""

    def __init__(self, path: Path, stage: Stage) -> None:
        self._path = path
        self._stage = stage
        path.unlink(missing_ok=True)
        self._server = _Server(str(path), _Handler)
        path.chmod(0o600)
        self._server.owner = self
        self._thread = threading.Thread(target=self._server.serve_forever, name="accessibility", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Close and remove the socket."""
        self._server.shutdown()
        self._server.server_close()
        self._path.unlink(missing_ok=True)

    def answer(self, line: str) -> dict[str, Any]:
        """The answer to one line; waits for Kivy's thread."""
        command, _, rest = line.partition(" ")
        if command == "tree":
            return self._at_rest()
        if command == "screenshot" and rest:
            return self._on_kivy(self._screenshot, Path(rest), after=SOON)
        return {"error": "say tree, or screenshot PATH"}

    def _at_rest(self) -> dict[str, Any]:
        """The tree once two frames show the same: a page that has only just come has no places yet."""
        before: dict[str, Any] = {}
        for _ in range(FRAMES):
            now = self._on_kivy(tree, self._stage, after=SOON if not before else 0)
            if now == before or "error" in now:
                break
            before = now
        return now

    def _screenshot(self, path: Path) -> dict[str, Any]:
        save(path)
        return {"saved": str(path)}

    @staticmethod
    def _on_kivy(work: Callable[..., dict[str, Any]], *values: object, after: float) -> dict[str, Any]:
        done, result = threading.Event(), dict[str, Any]()

        def run(_: float) -> None:
            try:
                result.update(work(*values))
            except Exception as trouble:  # told to who asked
                result["error"] = repr(trouble)
            done.set()

        Clock.schedule_once(run, after)
        if not done.wait(PATIENCE):
            return {"error": "the screen does not answer"}
        return result
