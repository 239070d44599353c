"""Streams of cameras in every dialect: first the bytes alone, then over a socket from a stranger's server."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from itertools import cycle

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import CameraBusy, CameraError, CameraGarbled, CameraGone
from drivers.video import mjpeg
from drivers.video.stream import VideoStream


def jpeg(grey: int, shape: tuple[int, int] = (48, 64)) -> bytes:
    image = np.full((*shape, 3), grey, np.uint8)
    return cv2.imencode(".jpg", image)[1].tobytes()


PICTURES = [jpeg(grey) for grey in (60, 120, 180)]

# name -> (Content-Type, how a part is written)
DIALECTS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "with-length": (
        "multipart/x-mixed-replace; boundary=frame",
        lambda body: b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%b\r\n" % (len(body), body),
    ),
    "without-length": (
        "multipart/x-mixed-replace;boundary=frame",
        lambda body: b"--frame\r\nContent-Type: image/jpeg\r\n\r\n%b\r\n" % body,
    ),
    "dashes-in-the-boundary": (
        "multipart/x-mixed-replace; boundary=--myboundary",
        lambda body: (
            b"--myboundary\r\nContent-Length: %d\r\nContent-Type: image/jpeg\r\n\r\n%b\r\n" % (len(body), body)
        ),
    ),
    "quotes-and-lf": (
        'Multipart/X-Mixed-Replace; charset=utf-8; Boundary="a b"'.replace("a b", "ab"),
        lambda body: b"--ab\ncontent-length:%d\nX-Timestamp: 1\n\n%b\n" % (len(body), body),
    ),
    "a-wrong-length": (
        "multipart/x-mixed-replace; boundary=frame",
        lambda body: b"--frame\r\nContent-Length: %d\r\n\r\n%b\r\n" % (len(body) + 500, body),
    ),
}


@pytest.mark.parametrize("name", DIALECTS)
@given(data=st.data())
def test_pieces_of_any_size_give_the_same_pictures(name: str, data: st.DataObject) -> None:
    content, part = DIALECTS[name]
    boundary = mjpeg.boundary_of(content)
    assert boundary is not None
    stream = b"HTTP rest\r\n" + b"".join(part(body) for body in PICTURES * 2) + part(b"")
    size = data.draw(st.integers(1, 900))
    parts = mjpeg.Parts(boundary)
    found = [body for start in range(0, len(stream), size) for body in parts.feed(stream[start : start + size])]
    assert [mjpeg.picture(body) for body in found[:6]] == PICTURES * 2


@given(st.integers(3, 200), st.integers(1, 100))
def test_a_picture_cut_short_costs_itself_alone(cut: int, size: int) -> None:
    part = DIALECTS["with-length"][1]
    whole = part(PICTURES[0])
    stream = whole[: -min(cut, 150)] + b"\r\n" + part(PICTURES[1]) + part(PICTURES[2])
    parts = mjpeg.Parts(b"frame")
    found = [body for start in range(0, len(stream), size) for body in parts.feed(stream[start : start + size])]
    with pytest.raises(CameraGarbled):
        mjpeg.picture(found[0])
    assert [mjpeg.picture(body) for body in found[1:]] == PICTURES[1:]


def test_no_part_and_no_picture_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mjpeg, "MOST_BYTES", 10_000)
    parts = mjpeg.Parts(b"frame")
    with pytest.raises(CameraGarbled):
        parts.feed(b"--frame\r\n\r\n" + bytes(20_000))
    assert parts.feed(DIALECTS["with-length"][1](PICTURES[0])), "it goes on behind it"
    for flood in (bytes(50_000), b"--frame" * 5_000, b"--frame\r\nX: " + b"y" * 9_000):
        parts = mjpeg.Parts(b"frame")
        parts.feed(flood)
        assert len(parts._buffer) <= 10_000
    huge = bytearray(PICTURES[0])
    at = huge.index(b"\xff\xc0")
    huge[at + 5 : at + 9] = b"\xff\xff\xff\xff"  # 65535 x 65535: OpenCV would ask for 12 GB
    with pytest.raises(CameraGarbled):
        mjpeg.picture(bytes(huge))


def test_the_size_is_the_frames() -> None:
    assert mjpeg.size(jpeg(9, (123, 77))) == (77, 123)
    # a thumbnail in a segment before it is not the picture
    thumbnail = b"\xff\xe1" + (2 + len(PICTURES[0])).to_bytes(2, "big") + PICTURES[0]
    outer = jpeg(9, (123, 77))
    assert mjpeg.size(outer[:2] + thumbnail + outer[2:]) == (77, 123)
    for wrong in (b"", b"\xff\xd8\xff\xd9", b"\xff\xd8" + bytes(50) + b"\xff\xd9"):
        with pytest.raises(CameraGarbled):
            mjpeg.picture(wrong)


def test_other_answers_are_no_stream() -> None:
    for content in (
        "",
        "image/jpeg",
        "text/html; boundary=x",
        "multipart/x-mixed-replace",
        "multipart/mixed; boundary=",
    ):
        assert mjpeg.boundary_of(content) is None


class Stranger:
    """A server of one connection after the other, that answers as it is told."""

    def __init__(self, head: bytes, parts: list[bytes], each: float = 0.02) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://user:secret@127.0.0.1:{self._listening.getsockname()[1]}/video?channel=1"
        self.asked: list[bytes] = []
        self._head, self._parts, self._each = head, parts, each
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            with connection:
                try:
                    self.asked.append(connection.recv(65536))
                    connection.sendall(self._head)
                    for part in cycle(self._parts or [b""]):
                        connection.sendall(part)
                        time.sleep(self._each)
                        if not part:
                            break
                except OSError:
                    pass

    def close(self) -> None:
        self._listening.close()


@pytest.fixture
def stranger() -> Iterator[Callable[..., Stranger]]:
    running: list[Stranger] = []

    def start(head: bytes, parts: list[bytes], each: float = 0.02) -> Stranger:
        running.append(Stranger(head, parts, each))
        return running[-1]

    yield start
    for one in running:
        one.close()


@pytest.mark.parametrize("name", DIALECTS)
def test_a_strangers_camera_is_seen(name: str, stranger: Callable[..., Stranger]) -> None:
    content, part = DIALECTS[name]
    head = f"HTTP/1.0 200 OK\r\nServer: strange\r\nContent-Type: {content}\r\n\r\n".encode()
    camera = stranger(head, [part(body) for body in PICTURES])
    stream = VideoStream(camera.url)
    for _ in range(3):
        image = stream.read()
        assert image.shape == (48, 64, 3) and min(abs(int(image.mean()) - grey) for grey in (60, 120, 180)) < 4
    stream.close()
    # the query is the camera's own, and who is asked for a name and a password gives them
    assert b"GET /video?channel=1 HTTP/1.1\r\n" in camera.asked[0]
    assert b"Authorization: Basic dXNlcjpzZWNyZXQ=" in camera.asked[0]


def test_a_chunked_stream_is_seen(stranger: Callable[..., Stranger]) -> None:
    content, part = DIALECTS["with-length"]
    head = f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: {content}\r\n\r\n".encode()
    pieces = [piece for body in PICTURES for whole in [part(body)] for piece in (whole[:100], whole[100:])]
    camera = stranger(head, [b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces])
    stream = VideoStream(camera.url)
    assert {stream.read().shape for _ in range(3)} == {(48, 64, 3)}
    stream.close()


def test_a_broken_picture_between_good_ones_is_passed_over(stranger: Callable[..., Stranger]) -> None:
    content, part = DIALECTS["with-length"]
    head = f"HTTP/1.0 200 OK\r\nContent-Type: {content}\r\n\r\n".encode()
    parts = [part(PICTURES[0]), part(b"no picture"), part(PICTURES[1]), part(PICTURES[2][:-40])]
    stream = VideoStream(stranger(head, parts).url)
    for _ in range(6):
        assert stream.read().shape == (48, 64, 3)
    stream.close()


@pytest.mark.parametrize(
    ("head", "kind", "code"),
    [
        (b"HTTP/1.0 503 Busy\r\n\r\n", CameraBusy, "in-use"),
        (b"HTTP/1.0 401 Who\r\n\r\n", CameraGone, "not-allowed"),
        (b"HTTP/1.0 403 Never\r\n\r\n", CameraGone, "not-allowed"),
        (b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\nHello", CameraGone, "no-stream"),
        (b"HTTP/1.0 404 No\r\n\r\n", CameraGone, "no-stream"),
        (b"no http at all\r\n\r\n", CameraGone, "no-stream"),
        (b"", CameraGone, "no-stream"),
    ],
)
def test_a_refusal_says_what_it_is(
    head: bytes, kind: type[CameraError], code: str, stranger: Callable[..., Stranger]
) -> None:
    camera = stranger(head, [])
    with pytest.raises(kind) as raised:
        VideoStream(camera.url).open()
    assert raised.value.code == code and "secret" not in str(raised.value)
