"""A face check: the camera and the engines run in a process of their own, which may die without harm."""

from __future__ import annotations

import contextlib
import logging
import select
import subprocess
import threading
from collections.abc import Callable

from kiosk import worker_messages, worker_process
from kiosk.identity.face.events import FaceAsks, FaceDone, FaceEvent, FacePicture, FaceTrouble

log = logging.getLogger(__name__)

#: Seconds of looking (a camera that is away does not count) after which a check ends unsure.
LIMIT = 30.0
#: Seconds without a word after which a worker hangs: opening and reading a camera have shorter limits. Its first word
#: comes when the engines are loaded: 0.7 s, and ten times and more of it on a machine that is very busy.
SILENCE = 15.0
LOADING = 40.0
#: Workers that may die in one check.
DEATHS = 2
#: Seconds a worker has to end by itself.
FAREWELL = 2.0


class FaceCheck:
    """One citizen before one camera, compared with one photo, from `start` to `stop` or FaceDone.

    Pictures pass through pipes and memory only. Nothing of them, and no measure of likeness, is kept or logged.
    """

    def __init__(self, camera_url: str, chip_photo: bytes, part: str = "") -> None:
        """camera_url: as drivers/video/address.py. chip_photo: the card's photo as BMP, JPEG or PNG.
        part: "module:attribute" of a certified vendor part (part.FacePart), "" for ours."""
        self._url, self._photo, self._part = camera_url, chip_photo, part
        self._lock = threading.Lock()
        self._worker: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._trouble = ""

    def start(self, on_event: Callable[[FaceEvent], None]) -> None:
        """Start looking. Returns at once; events come from the check's own thread and must be taken quickly. After
        FaceDone, and after stop(), none comes. Once a check only."""
        if self._thread is not None:
            raise RuntimeError("a face check starts once")
        self._thread = threading.Thread(target=self._run, args=(on_event,), name="face", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the worker and forget the photo. May be called twice, and from a callback."""
        self._stopping.set()
        self._photo = b""
        with self._lock:
            worker = self._worker
        if worker is not None:
            _end(worker)
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(FAREWELL * 2)

    @property
    def worker_id(self) -> int | None:
        """The worker's process id; None while there is no worker."""
        with self._lock:
            return self._worker.pid if self._worker else None

    def _run(self, on_event: Callable[[FaceEvent], None]) -> None:
        for deaths in range(1, DEATHS + 1):
            worker = self._spawn()
            if worker is None:
                return
            try:
                done = self._listen(worker, on_event)
            finally:
                with self._lock:
                    self._worker = None
                _end(worker)
                assert worker.stdout is not None
                worker.stdout.close()
            if done is not None or self._stopping.is_set():
                break
            log.warning("the face worker ended with %s", worker.returncode)
            if deaths < DEATHS:
                self._tell(on_event, FaceTrouble("worker-died"))
        else:
            done = FaceDone("unsure", "worker-died")
        self._photo = b""
        if done is not None:
            self._tell(on_event, done)

    def _tell(self, on_event: Callable[[FaceEvent], None], event: FaceEvent) -> None:
        if not self._stopping.is_set():
            on_event(event)

    def _spawn(self) -> subprocess.Popen[bytes] | None:
        """A worker; None when the check was stopped first."""
        with self._lock:
            if self._stopping.is_set():
                return None
            self._worker = subprocess.Popen(
                **worker_process.command("kiosk.identity.face.worker", "--url", self._url), bufsize=0
            )
            return self._worker

    def _listen(self, worker: subprocess.Popen[bytes], on_event: Callable[[FaceEvent], None]) -> FaceDone | None:
        """Hand on what the worker says; None when it died, hung or was ended."""
        assert worker.stdin is not None and worker.stdout is not None
        with contextlib.suppress(OSError, ValueError):
            start = {"kind": "start", "part": self._part, "limit": LIMIT}
            worker_messages.send(worker.stdin, start, self._photo)
        patience = LOADING
        while not self._stopping.is_set():
            if not select.select([worker.stdout], [], [], patience)[0]:
                return None
            patience = SILENCE
            message = worker_messages.receive(worker.stdout)
            if message is None:
                return None
            header, body = message
            match header["kind"]:
                case "picture":
                    self._trouble = ""
                    self._tell(on_event, FacePicture(body))
                case "asks":
                    self._tell(on_event, FaceAsks(header["action"], header["done"], header["total"]))
                case "trouble" if header["code"] != self._trouble:
                    self._trouble = header["code"]
                    self._tell(on_event, FaceTrouble(self._trouble))
                case "done":
                    return FaceDone(header["outcome"], header["reason"])
        return None


def _end(worker: subprocess.Popen[bytes]) -> None:
    """Close the worker's input, which ends it, and kill it where it does not."""
    with contextlib.suppress(OSError):
        if worker.stdin is not None:
            worker.stdin.close()
    try:
        worker.wait(FAREWELL)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()
