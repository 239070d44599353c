"""A simulated network scanner: an eSCL server (Mopria eSCL 2.97, which AirScan is) with a flatbed and a feeder.

    python -m drivers.simulators.document_scanner [--pages 3] [--no-feeder] [--no-flatbed] [--slow-page 4]

SANE speaks to it through sane-airscan: `escl:URL` is the address for drivers.document_scanner. Pages are drawn (a
number, lines and the invented text of nobody's form) or picture files, stretched to the frame that is scanned.
Commands: load N (sheets in the feeder), load FRONT[|BACK]… (files; a back without one is blank), show FILE|none (what
the glass sees), state, fault NAME|none.
Faults: silence, drop (no connection), garbage (answers that are neither XML nor JPEG), slow (a page takes --slow-page
seconds), half-frame (half of a JPEG, and the line is cut), half-page (half of a JPEG, told as a whole one), busy (503:
somebody else scans), jam and jam-midway (after the first page), cover-open, stopped, empty (whatever was loaded), and
lifted-in-middle (the last page cannot be fetched any more).

SANE's own test backend is the other simulator; it needs no program: `test:0` as the address, or SANE_CONFIG_DIR with
dll.conf "test" and test.conf with `read-status-code "SANE_STATUS_JAMMED"` for each real error.
"""

from __future__ import annotations

import io
import itertools
import random
import re
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from drivers.simulators.control import WrongCommand
from drivers.simulators.program import Faults, parser, serve

FAULTS = Faults(
    (
        "silence",
        "drop",
        "garbage",
        "slow",
        "half-frame",
        "half-page",
        "busy",
        "jam",
        "jam-midway",
        "cover-open",
        "stopped",
        "empty",
        "lifted-in-middle",
    )
)
A4_AT_300 = (2480, 3508)
RESOLUTIONS = (75, 100, 200, 300, 600)
SPACES = 'xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"'
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'

_CAPS = """<{tag}><scan:MinWidth>16</scan:MinWidth><scan:MaxWidth>2550</scan:MaxWidth>
<scan:MinHeight>16</scan:MinHeight><scan:MaxHeight>4200</scan:MaxHeight>
<scan:MaxScanRegions>1</scan:MaxScanRegions>
<scan:SettingProfiles><scan:SettingProfile>
<scan:ColorModes><scan:ColorMode>Grayscale8</scan:ColorMode><scan:ColorMode>RGB24</scan:ColorMode></scan:ColorModes>
<scan:DocumentFormats><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>
<scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt></scan:DocumentFormats>
<scan:SupportedResolutions><scan:DiscreteResolutions>{resolutions}</scan:DiscreteResolutions></scan:SupportedResolutions>
</scan:SettingProfile></scan:SettingProfiles>
<scan:MaxOpticalXResolution>600</scan:MaxOpticalXResolution></{tag}>"""


#: A sheet's two sides as picture files: None is a blank one; () is a sheet whose sides are drawn.
Sheet = tuple[Path | None, ...]


@dataclass
class Job:
    """A scan that was asked for. `left` are pages still to fetch, of `sheets`."""

    number: int
    left: int
    sheets: list[Sheet]
    source: str
    resolution: int
    grey: bool
    size: tuple[int, int]  # pixels
    sides: int  # of each sheet
    loaded: int  # which stack
    fetched: int = 0
    cancelled: bool = False


class Scanner:
    """The glass, the feeder and the jobs."""

    def __init__(self, sheets: int, flatbed: bool, feeder: bool, slow_page: float) -> None:
        self.lock = threading.Lock()
        self.papers: list[Sheet] = [()] * sheets
        self.glass: Path | None = None
        self.flatbed = flatbed
        self.feeder = feeder
        self.jobs: dict[int, Job] = {}
        self.numbers = itertools.count(1)
        self.scanned = 0
        self.loaded = 0  # how often
        self.slow_page = slow_page
        self.stuck = False  # a sheet, in the middle of a job

    @property
    def sheets(self) -> int:
        """How many lie in the feeder."""
        return len(self.papers)

    def load(self, words: list[str]) -> dict[str, Any]:
        """`load N` or `load FRONT[|BACK]…`"""
        if len(words) == 1 and words[0].isdecimal():
            papers: list[Sheet] = [()] * int(words[0])
        else:
            papers = [_sheet(word) for word in words]
        if not words:
            raise WrongCommand("load N, or load FRONT[|BACK]…")
        with self.lock:
            self.papers, self.loaded = papers, self.loaded + 1
        return {"sheets": self.sheets}

    def show(self, words: list[str]) -> dict[str, Any]:
        """`show FILE|none`"""
        if len(words) != 1:
            raise WrongCommand("show FILE|none")
        self.glass = None if words == ["none"] else _file(words[0])
        return {}

    def fault(self, words: list[str]) -> dict[str, Any]:
        """`fault NAME|none`"""
        before = FAULTS.name
        answer = FAULTS.set(words)
        if before == "drop":  # it was off: it has forgotten its jobs
            for job in self.jobs.values():
                self.cancel(job)
        return answer

    def state(self, words: list[str]) -> dict[str, Any]:
        """`state`"""
        return {
            "fault": FAULTS.name,
            "sheets": self.sheets,
            "scanned": self.scanned,
            "jobs": len(self.jobs),
            "running": sum(job.left > 0 and not job.cancelled for job in self.jobs.values()),
        }

    def capabilities(self) -> str:
        """ScannerCapabilities."""
        discrete = "".join(
            f"<scan:DiscreteResolution><scan:XResolution>{dpi}</scan:XResolution>"
            f"<scan:YResolution>{dpi}</scan:YResolution></scan:DiscreteResolution>"
            for dpi in RESOLUTIONS
        )
        platen = _CAPS.format(tag="scan:PlatenInputCaps", resolutions=discrete)
        adf = "".join(
            _CAPS.format(tag=f"scan:Adf{how}InputCaps", resolutions=discrete) for how in ("Simplex", "Duplex")
        )
        return (
            f"{HEAD}<scan:ScannerCapabilities {SPACES}><pwg:Version>2.63</pwg:Version>"
            "<pwg:MakeAndModel>Example Scanner</pwg:MakeAndModel><pwg:SerialNumber>0</pwg:SerialNumber>"
            + (f"<scan:Platen>{platen}</scan:Platen>" if self.flatbed else "")
            + (
                f"<scan:Adf>{adf}<scan:FeederCapacity>50</scan:FeederCapacity><scan:AdfOptions>"
                "<scan:AdfOption>DetectPaperLoaded</scan:AdfOption><scan:AdfOption>Duplex</scan:AdfOption>"
                "</scan:AdfOptions></scan:Adf>"
                if self.feeder
                else ""
            )
            + "</scan:ScannerCapabilities>"
        )

    def status(self) -> str:
        """ScannerStatus."""
        fault = FAULTS.name
        running = any(job.left > 0 and not job.cancelled for job in self.jobs.values())
        state = "Stopped" if fault in ("stopped", "jam") else "Processing" if running or fault == "busy" else "Idle"
        adf = "ScannerAdfLoaded" if self.sheets and fault != "empty" else "ScannerAdfEmpty"
        if fault == "jam" or (fault == "jam-midway" and self.stuck):
            adf = "ScannerAdfJam"
        elif fault == "cover-open":
            adf = "ScannerAdfHatchOpen"
        infos = "".join(
            f"<scan:JobInfo><pwg:JobUri>/eSCL/ScanJobs/{job.number}</pwg:JobUri><pwg:JobUuid>{job.number}</pwg:JobUuid>"
            f"<scan:Age>1</scan:Age><pwg:ImagesCompleted>{job.fetched}</pwg:ImagesCompleted>"
            f"<pwg:ImagesToTransfer>{int(job.left > 0)}</pwg:ImagesToTransfer><pwg:JobState>{_word(job)}</pwg:JobState>"
            "</scan:JobInfo>"
            for job in list(self.jobs.values())[-3:]
        )
        return (
            f"{HEAD}<scan:ScannerStatus {SPACES}><pwg:Version>2.63</pwg:Version><pwg:State>{state}</pwg:State>"
            + (f"<scan:AdfState>{adf}</scan:AdfState>" if self.feeder else "")
            + f"<scan:Jobs>{infos}</scan:Jobs></scan:ScannerStatus>"
        )

    def begin(self, settings: str) -> Job | int:
        """A new job, or the HTTP status that refuses it."""
        source = _setting(settings, "InputSource", "Platen")
        fed = source in ("Feeder", "Adf")
        with self.lock:
            running = any(job.left > 0 and not job.cancelled for job in self.jobs.values())
            if FAULTS.name in ("busy", "stopped") or running:
                return 503
            if fed and (FAULTS.name in ("jam", "cover-open", "empty") or not self.sheets):
                return 409
            if (fed and not self.feeder) or (not fed and not self.flatbed):
                return 400
            resolution = int(_setting(settings, "XResolution", "300"))
            size = tuple(
                round(int(_setting(settings, name, str(most))) * resolution / 300)
                for name, most in zip(("Width", "Height"), A4_AT_300, strict=True)
            )
            sides = 2 if fed and _setting(settings, "Duplex", "false") == "true" else 1
            papers: list[Sheet] = self.papers if fed else [(self.glass,) if self.glass else ()]
            self.papers = [] if fed else self.papers
            grey = _setting(settings, "ColorMode", "RGB24") != "RGB24"
            job = Job(
                next(self.numbers), len(papers) * sides, papers, source, resolution, grey, (size[0], size[1]), sides,
                self.loaded,
            )  # fmt: skip
            self.jobs[job.number] = job
            return job

    def page(self, job: Job) -> bytes | None:
        """The next page as JPEG; None when there is none."""
        with self.lock:
            if job.cancelled or not job.left:
                return None
            self.stuck = FAULTS.name == "jam-midway" and bool(job.fetched)
            fed_wrong = job.source != "Platen" and FAULTS.name in ("jam", "cover-open")
            if FAULTS.name in ("lifted-in-middle", "stopped") or fed_wrong or self.stuck:
                return None
            job.left -= 1
            job.fetched += 1
            self.scanned += 1
            sheet, side = job.sheets[(job.fetched - 1) // job.sides], (job.fetched - 1) % job.sides
            return pictured(job.size, job.grey, sheet[side]) if sheet else drawn(job.size, job.grey, job.fetched)

    def cancel(self, job: Job) -> None:
        """What was not fetched stays in the feeder."""
        with self.lock:
            job.cancelled = True
            if job.source != "Platen" and job.loaded == self.loaded:
                self.papers = job.sheets[len(job.sheets) - job.left // job.sides :] + self.papers
            job.left = 0


def _setting(settings: str, name: str, otherwise: str) -> str:
    found = re.search(rf"<(?:\w+:)?{name}>\s*([^<]*?)\s*<", settings)
    return found[1] if found else otherwise


def _word(job: Job) -> str:
    return "Canceled" if job.cancelled else "Processing" if job.left else "Completed"


def _file(name: str) -> Path:
    path = Path(name)
    if not path.is_file():
        raise WrongCommand(f"no file {name}")
    return path


def _sheet(word: str) -> Sheet:
    front, _, back = word.partition("|")
    return _file(front), _file(back) if back else None


def drawn(size: tuple[int, int], grey: bool, number: int) -> bytes:
    """A page of a form that nobody filled in."""
    page = Image.new("RGB", size, (250, 249, 245))
    pen = ImageDraw.Draw(page)
    unit = size[0] / 620  # the form is laid out on 620 by 877

    pen.rectangle([place * unit for place in (40, 40, 580, 110)], outline=(150, 30, 30), width=round(4 * unit))
    pen.text((60 * unit, 60 * unit), f"FORM  PAGE {number}", fill=(20, 20, 20), font_size=32 * unit)
    for row in range(150, 840, 30):
        pen.line((40 * unit, row * unit, 580 * unit, row * unit), fill=(90, 110, 160), width=max(1, round(unit)))
        pen.text((46 * unit, (row - 20) * unit), "Zhang San  Example Road 1", fill=(60, 60, 60), font_size=14 * unit)
    return _encoded(page, grey)


def pictured(size: tuple[int, int], grey: bool, file: Path | None) -> bytes:
    """A picture file as a page; None is blank paper."""
    if file is None:
        return _encoded(Image.new("RGB", size, (250, 249, 245)), grey)
    with Image.open(file) as picture:
        return _encoded(picture.convert("RGB").resize(size), grey)


def _encoded(page: Image.Image, grey: bool) -> bytes:
    file = io.BytesIO()
    page.convert("L" if grey else "RGB").save(file, "JPEG", quality=90)
    return file.getvalue()


def handler(scanner: Scanner) -> type[BaseHTTPRequestHandler]:
    """The eSCL resources of this scanner."""

    class Escl(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            if FAULTS.name == "drop":
                self.close_connection = True
                return
            super().handle_one_request()

        def parse_request(self) -> bool:
            while FAULTS.name == "silence":
                time.sleep(0.05)
            return super().parse_request()

        def do_GET(self) -> None:
            path = self.path.rstrip("/")
            if FAULTS.name == "garbage":
                self._say(200, random.Random(7).randbytes(400), "text/xml" if "Scanner" in path else "image/jpeg")
            elif path == "/eSCL/ScannerCapabilities":
                self._say(200, scanner.capabilities().encode(), "text/xml")
            elif path == "/eSCL/ScannerStatus":
                self._say(200, scanner.status().encode(), "text/xml")
            elif (job := self._job(path)) and path.endswith("/NextDocument"):
                self._page(job)
            else:
                self._say(404)

        def do_POST(self) -> None:
            settings = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode("utf-8", "replace")
            if self.path.rstrip("/") != "/eSCL/ScanJobs":
                self._say(404)
                return
            job = scanner.begin(settings)
            if isinstance(job, int):
                self._say(job)
            else:
                at = f"http://{self.headers.get('Host', 'localhost')}/eSCL/ScanJobs/{job.number}"
                self._say(201, headers={"Location": at})

        def do_DELETE(self) -> None:
            job = self._job(self.path)
            if job:
                scanner.cancel(job)
            self._say(200 if job else 404)

        def _job(self, path: str) -> Job | None:
            found = re.match(r"/eSCL/ScanJobs/(\d+)", path)
            return scanner.jobs.get(int(found[1])) if found else None

        def _page(self, job: Job) -> None:
            until = time.monotonic() + scanner.slow_page
            while FAULTS.name == "slow" and time.monotonic() < until and not job.cancelled:
                time.sleep(0.05)
            jpeg = scanner.page(job)
            if jpeg is None:
                self._say(404)
            elif FAULTS.name == "half-frame":
                self._say(200, jpeg[: len(jpeg) // 2], "image/jpeg", {"Content-Length": str(len(jpeg))})
                self.close_connection = True
            elif FAULTS.name == "half-page":
                self._say(200, jpeg[: len(jpeg) // 2], "image/jpeg")
            else:
                self._say(200, jpeg, "image/jpeg")

        def _say(
            self, status: int, body: bytes = b"", kind: str = "text/plain", headers: dict[str, str] | None = None
        ) -> None:
            self.send_response(status)
            for name, value in ({"Content-Type": kind, "Content-Length": str(len(body))} | (headers or {})).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *words: Any) -> None:
            pass

    return Escl


class Server(ThreadingHTTPServer):
    """Ends with the program, and says nothing when somebody hangs up."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever asked hung up."""


def main() -> None:
    """Run the simulator."""
    options = parser(__doc__ or "", FAULTS)
    options.add_argument("--pages", type=int, default=0, help="sheets in the feeder from the start")
    options.add_argument("--slow-page", type=float, default=4.0, metavar="SECONDS")
    options.add_argument("--no-feeder", action="store_true")
    options.add_argument("--no-flatbed", action="store_true")
    chosen = options.parse_args()
    FAULTS.name = chosen.fault
    scanner = Scanner(chosen.pages, not chosen.no_flatbed, not chosen.no_feeder, chosen.slow_page)
    server = Server(("127.0.0.1", 0), handler(scanner))
    threading.Thread(target=server.serve_forever, args=(0.05,), name="escl", daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}/eSCL"
    handlers = {"load": scanner.load, "show": scanner.show, "state": scanner.state, "fault": scanner.fault}
    serve("document_scanner", handlers, chosen.with_parent, port=f"escl:{url}", url=url)


if __name__ == "__main__":
    main()
