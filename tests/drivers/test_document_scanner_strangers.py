"""eSCL scanners by other hands: small servers, each odd in its own way that the protocol allows.

Three ways are beyond sane-airscan 0.99.27, and so beyond us: elements with other prefixes than scan: and pwg: (or with
none), a scanner without ScannerStatus, and "410" instead of "404" behind the last sheet. Each is told as an error, and
the pages before it are whole.
"""

from __future__ import annotations

import contextlib
import io
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from PIL import Image

from drivers.document_scanner import DocumentScanner
from drivers.errors import BadAnswer, DriverError
from drivers.status import DeviceState, MediaState

SPACES = 'xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"'
INPUT = """<scan:MinWidth>1</scan:MinWidth><scan:MaxWidth>2550</scan:MaxWidth><scan:MinHeight>1</scan:MinHeight>
<scan:MaxHeight>3508</scan:MaxHeight><scan:SettingProfiles><scan:SettingProfile>
<scan:ColorModes><scan:ColorMode>RGB24</scan:ColorMode></scan:ColorModes>
<scan:DocumentFormats><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat></scan:DocumentFormats>
<scan:SupportedResolutions><scan:DiscreteResolutions><scan:DiscreteResolution><scan:XResolution>100</scan:XResolution>
<scan:YResolution>100</scan:YResolution></scan:DiscreteResolution></scan:DiscreteResolutions>
</scan:SupportedResolutions></scan:SettingProfile></scan:SettingProfiles>"""
CAPS = f"""<?xml version="1.0"?>
<scan:ScannerCapabilities {SPACES}><pwg:Version>2.0</pwg:Version><pwg:MakeAndModel>Stranger</pwg:MakeAndModel>
<scan:Platen><scan:PlatenInputCaps>{INPUT}</scan:PlatenInputCaps></scan:Platen>
<scan:Adf><scan:AdfSimplexInputCaps>{INPUT}</scan:AdfSimplexInputCaps></scan:Adf></scan:ScannerCapabilities>"""
STATUS = f"""<?xml version="1.0" encoding="UTF-8"?>
<scan:ScannerStatus {SPACES}><pwg:Version>2.0</pwg:Version><pwg:State> Idle </pwg:State>
<scan:AdfState>ScannerAdfLoaded</scan:AdfState></scan:ScannerStatus>"""


def jpeg() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (850, 1169), (200, 210, 220)).save(file, "JPEG")
    return file.getvalue()


class Stranger:
    """One scanner with two sheets in its feeder. `odd` are its ways."""

    def __init__(self, *odd: str) -> None:
        self.odd = odd
        self.left = 0
        self.deleted = 0
        self.picture = jpeg()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.server.daemon_threads = True
        self.host = f"127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def handler(self) -> type[BaseHTTPRequestHandler]:
        scanner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0" if "HTTP/1.0" in scanner.odd else "HTTP/1.1"

            def do_GET(self) -> None:
                if self.path == "/eSCL/ScannerCapabilities":
                    self.say(200, CAPS.encode(), "text/xml; charset=utf-8")
                elif self.path == "/eSCL/ScannerStatus":
                    none = "no status" in scanner.odd
                    self.say(404 if none else 200, b"" if none else STATUS.encode(), "application/xml")
                elif self.path == "/eSCL/ScanJobs/a-b" + "/NextDocument" and scanner.left:
                    scanner.left -= 1
                    self.say(200, scanner.picture, "image/jpeg")
                else:
                    self.say(410 if "gone" in scanner.odd else 404)

            def do_POST(self) -> None:
                settings = self.rfile.read(int(self.headers["Content-Length"]))
                scanner.left = 2 if b"Feeder" in settings else 1
                where = "/eSCL/ScanJobs/a-b" + ("/" if "slash" in scanner.odd else "")
                self.say(201, location=where if "relative" in scanner.odd else f"http://{scanner.host}{where}")

            def do_DELETE(self) -> None:
                time.sleep(2 if "slow to stop" in scanner.odd else 0)
                scanner.left = 0
                scanner.deleted += 1
                self.say(404 if "no delete" in scanner.odd else 200)

            def say(self, status: int, body: bytes = b"", kind: str = "", location: str = "") -> None:
                self.send_response(status)
                if location:
                    self.send_header("Location", location)
                if kind:
                    self.send_header("Content-Type", kind)
                if "chunks" in scanner.odd and body:
                    self.send_header("Transfer-Encoding", "chunked")
                    pieces = [body[at : at + 1000] for at in range(0, len(body), 1000)]
                    body = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
                elif "no length" not in scanner.odd:
                    self.send_header("Content-Length", str(len(body)))
                else:
                    self.close_connection = True
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *words: Any) -> None:
                pass

        return Handler


@contextlib.contextmanager
def running(*odd: str) -> Iterator[tuple[Stranger, DocumentScanner]]:
    stranger = Stranger(*odd)
    try:
        yield stranger, DocumentScanner(f"escl:http://{stranger.host}/eSCL", resolution=100, status_timeout=5)
    finally:
        stranger.server.shutdown()
        stranger.server.server_close()


@pytest.mark.parametrize(
    "odd",
    [
        (),
        ("relative",),
        ("chunks", "slash"),
        ("HTTP/1.0", "no length", "no delete"),
    ],
    ids=lambda odd: " ".join(odd) or "plain",
)
def test_a_stranger_scans(odd: tuple[str, ...]) -> None:
    with running(*odd) as (_, scanner):
        status = scanner.check()
        assert (status.device, status.media) == (DeviceState.ONLINE, MediaState.PRESENT)
        for source, count in (("flatbed", 1), ("feeder", 2)):
            pages = list(scanner.scan(source))
            assert [page.number for page in pages] == list(range(1, count + 1))
            for page in pages:
                with Image.open(io.BytesIO(page.image)) as picture:
                    assert abs(picture.getpixel((9, 9))[0] - 200) < 4  # type: ignore[index]


def test_what_cannot_be_scanned_is_told() -> None:
    with running("gone") as (_, scanner):
        pages = scanner.scan("feeder")
        assert [next(pages).number, next(pages).number] == [1, 2]
        with pytest.raises(BadAnswer):
            next(pages)
    with running("no status") as (_, scanner):
        assert scanner.check().device is DeviceState.ONLINE
        with pytest.raises(DriverError):
            list(scanner.scan())


def test_the_scan_is_taken_back_before_close_returns() -> None:
    with running("slow to stop") as (stranger, scanner):
        pages = scanner.scan("feeder")
        next(pages)
        pages.close()
        assert stranger.left == 0 and stranger.deleted == 1
