"""A simulated camera: an MJPEG stream over HTTP of whatever picture is laid before it.

    python -m drivers.simulators.camera --size 1280x720

Commands: show FILE (png or jpg), play FILE:SECONDS … FILE (one after the other; the last stays), face NAME ACTION
(somebody of drivers/simulators/faces does what a face check asks: look, turn_left, turn_right, blink; anything else is
look; lively does all of them over and over, for whoever cannot see what is asked), clear (an empty grey desk),
fault NAME|none, state. A picture with the shape of the frame fills it; another lies in the middle of the desk. Sensor
noise makes consecutive frames differ: a few noisy frames are encoded once a picture, when somebody watches, and sent in
turn.
Faults: frozen (one frame for ever), stuck (the stream stays open and sends nothing), dark, black (dark, and one frame
for ever), drop (no connection), silence (as stuck, and new watchers get no answer either), garbage (parts that are no
pictures), half-frame (pictures cut short), slow (a picture a second), busy (503, and whoever watches is cut off).
"""

from __future__ import annotations

import io
import threading
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from drivers.simulators.control import WrongCommand
from drivers.simulators.program import Faults, parser, serve

FAULTS = Faults(("frozen", "stuck", "dark", "black", "drop", "silence", "garbage", "half-frame", "slow", "busy"))
FRAMES_A_SECOND = 12
SLOW_FRAMES_A_SECOND = 1
NOISY_FRAMES = 4
NOISE = 4  # grey levels each way
DESK = 128
BOUNDARY = b"frame"
FACES = Path(__file__).parent / "faces"
BLINK = 0.8  # seconds that eyes stay closed for one that was asked for
POSE = 1.5  # seconds of each pose of somebody lively
LIVELY = ("look", "turn_left", "look", "turn_right", "look", "blink")


def noise(size: tuple[int, int], number: int) -> np.ndarray:
    """The same small tile of noise, laid out differently for each number: cheap at eight megapixels."""
    width, height = size
    tile = np.random.default_rng(number).integers(-NOISE, NOISE + 1, (256, 256, 3), dtype=np.int16)
    return np.tile(tile, (height // 256 + 1, width // 256 + 1, 1))[:height, :width]


def laid_out(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The picture as the camera sees it."""
    width, height = size
    if abs(picture.width / picture.height - width / height) < 0.02:
        return picture.resize(size, Image.Resampling.LANCZOS)
    scale = 0.8 * min(width / picture.width, height / picture.height)
    small = picture.resize(
        (max(1, round(picture.width * scale)), max(1, round(picture.height * scale))),
        Image.Resampling.LANCZOS,
    )
    desk = Image.new("RGB", size, (DESK, DESK, DESK))
    desk.paste(small, ((width - small.width) // 2, (height - small.height) // 2))
    return desk


class Camera:
    """What lies before the lens, and its encoded frames."""

    def __init__(self, size: tuple[int, int], one_watcher: bool = False) -> None:
        self.size, self.one_watcher = size, one_watcher
        self.lock = threading.Lock()
        self.picture: Image.Image | None = None
        self.file = ""
        self.version = 0
        self._next: deque[tuple[float, Image.Image, str]] = deque()  # when each picture to come is due
        self._round = 0.0  # seconds after which each comes again; 0 for never
        self._frames: list[bytes] = []
        self._encoded: tuple[int, bool] | None = None
        self.watching = 0

    def show(self, words: list[str]) -> dict[str, Any]:
        """`show FILE`"""
        if len(words) != 1:
            raise WrongCommand("show FILE")
        return self._play([(words[0], 0.0)])

    def play(self, words: list[str]) -> dict[str, Any]:
        """`play FILE:SECONDS … FILE`"""
        if not words:
            raise WrongCommand("play FILE:SECONDS … FILE")
        *before, last = words
        timed = [word.rpartition(":") for word in before]
        return self._play([(file, float(seconds)) for file, _, seconds in timed] + [(last, 0.0)])

    def face(self, words: list[str]) -> dict[str, Any]:
        """`face NAME ACTION`"""
        if len(words) != 2 or not (folder := FACES / words[0]).is_dir():
            raise WrongCommand("face NAME ACTION, with a name in drivers/simulators/faces")
        if words[1] == "lively":
            return self._play([(str(folder / f"{pose}.jpg"), POSE) for pose in LIVELY], over_and_over=True)
        look, does = str(folder / "look.jpg"), folder / f"{words[1]}.jpg"
        if words[1] == "blink":
            return self._play([(str(does), BLINK), (look, 0.0)])
        return self._play([(str(does) if does.exists() else look, 0.0)])

    def _play(self, files: list[tuple[str, float]], over_and_over: bool = False) -> dict[str, Any]:
        pictures = [laid_out(Image.open(file).convert("RGB"), self.size) for file, _ in files]
        due = time.monotonic()
        with self.lock:
            self._next.clear()
            for (file, seconds), picture in zip(files, pictures, strict=True):
                self._next.append((due, picture, file))
                due += seconds
            self._round = due - self._next[0][0] if over_and_over else 0.0
            self._advance()
        return {"shown": True}

    def _advance(self) -> None:
        """Lay what is due before the lens. The lock is held."""
        while self._next and self._next[0][0] <= time.monotonic():
            due, self.picture, self.file = self._next.popleft()
            self.version += 1
            if self._round:
                self._next.append((due + self._round, self.picture, self.file))

    def clear(self, words: list[str]) -> dict[str, Any]:
        """`clear`"""
        with self.lock:
            self._next.clear()
            self.picture, self.file, self.version = None, "", self.version + 1
        return {"shown": False}

    def state(self, words: list[str]) -> dict[str, Any]:
        """`state`"""
        return {
            "shown": self.picture is not None,
            "file": self.file,
            "watching": self.watching,
            "fault": FAULTS.name,
        }

    def frame(self, number: int) -> bytes:
        """The numberth frame as JPEG."""
        dark = FAULTS.name in ("dark", "black")
        with self.lock:
            self._advance()
            if self._encoded != (self.version, dark):
                self._encoded, self._frames = (self.version, dark), []
            if FAULTS.name in ("frozen", "black"):
                number = 0
            index = number % NOISY_FRAMES
            while len(self._frames) <= index:
                self._frames.append(self._encode(len(self._frames), dark))
            return self._frames[index]

    def _encode(self, number: int, dark: bool) -> bytes:
        if dark or self.picture is None:
            clean = np.full((self.size[1], self.size[0], 3), 3 if dark else DESK, np.int16)
        else:
            clean = np.asarray(self.picture, np.int16)
        noisy = np.clip(clean + noise(self.size, number), 0, 255).astype(np.uint8)
        file = io.BytesIO()
        Image.fromarray(noisy).save(file, "JPEG", quality=85)
        return file.getvalue()


def handler(camera: Camera) -> type[BaseHTTPRequestHandler]:
    """The HTTP handler that streams this camera."""

    class Stream(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if FAULTS.name == "drop":
                return
            while FAULTS.name == "silence":
                time.sleep(0.05)
            if FAULTS.name == "busy" or (camera.one_watcher and camera.watching):
                self.send_error(503)
                return
            self.send_response(200)
            self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={BOUNDARY.decode()}")
            self.end_headers()
            camera.watching += 1
            try:
                self._send()
            except OSError:
                pass  # the watcher left
            finally:
                camera.watching -= 1

        def _send(self) -> None:
            number = 0
            due = time.monotonic()
            while FAULTS.name not in ("drop", "busy"):
                if FAULTS.name not in ("stuck", "silence"):
                    jpeg = camera.frame(number)
                    head = b"--%s\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % (
                        BOUNDARY,
                        len(jpeg),
                    )
                    if FAULTS.name == "garbage":
                        jpeg = bytes(byte ^ 0x55 for byte in jpeg[:2000]) * (len(jpeg) // 2000)
                    elif FAULTS.name == "half-frame":
                        jpeg = jpeg[: len(jpeg) // 2]
                    self.wfile.write(head + jpeg + b"\r\n")
                    number += 1
                # a fault that begins in the middle of a long pause is met at once
                pause = 1 / (SLOW_FRAMES_A_SECOND if FAULTS.name == "slow" else FRAMES_A_SECOND)
                due = max(due + pause, time.monotonic() - 0.2)
                fault = FAULTS.name
                while (left := due - time.monotonic()) > 0 and FAULTS.name == fault:
                    time.sleep(min(left, 0.1))

        def log_message(self, format: str, *words: Any) -> None:
            pass

    return Stream


def main() -> None:
    """Run the simulator."""
    options = parser(__doc__ or "", FAULTS)
    options.add_argument("--size", default="1280x720", metavar="WxH")
    options.add_argument("--name", default="camera", help="the device announced, as document_camera")
    options.add_argument("--one-watcher", action="store_true", help="serve one at a time, 503 to others")
    chosen = options.parse_args()
    FAULTS.name = chosen.fault
    width, _, height = chosen.size.partition("x")
    camera = Camera((int(width), int(height)), chosen.one_watcher)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(camera))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="stream", daemon=True).start()
    handlers = {
        "show": camera.show, "play": camera.play, "face": camera.face, "clear": camera.clear, "state": camera.state,
        "fault": FAULTS.set,
    }  # fmt: skip
    url = f"http://127.0.0.1:{server.server_address[1]}/stream.mjpg"
    serve(chosen.name, handlers, chosen.with_parent, port=url, url=url)


if __name__ == "__main__":
    main()
