"""A document in a format that a printer takes. CUPS's own filters do the work, in programs that can be ended."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import signal
import subprocess
import tempfile

import img2pdf
import pikepdf

from drivers.errors import Refused
from drivers.page_printer.capabilities import Capabilities

# As fine as forms need; a page of grey is 8.7 MB before it is packed.
RASTER_DPI = 300
_A4 = (img2pdf.mm_to_pt(210), img2pdf.mm_to_pt(297))


def as_pdf(document: bytes, timeout: float = 30.0) -> bytes:
    """A PDF stays as it is; a picture or a text becomes one. Raises Refused "bad-document"."""
    if b"%PDF-" in document[:1024]:
        return document
    if document.startswith((b"\xff\xd8\xff", b"\x89PNG")):
        try:
            return bytes(img2pdf.convert(document, layout_fun=img2pdf.get_layout_fun(_A4)))
        except (img2pdf.ImageOpenError, img2pdf.AlphaChannelError, ValueError) as error:
            raise Refused("bad-document", type(error).__name__) from error
    try:
        text = document.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused("bad-document", "neither PDF, picture nor text") from error
    if not text.strip() or "\0" in text:
        raise Refused("bad-document", "neither PDF, picture nor text")
    return _filter(document, "text/plain", "application/pdf", {"PageSize": "A4"}, timeout)


def pages(pdf: bytes) -> int:
    """How many. Raises Refused "bad-document" for what is no PDF, or is locked."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            return len(document.pages)
    except pikepdf.PdfError as error:
        raise Refused("bad-document", type(error).__name__) from error


def for_printer(pdf: bytes, can: Capabilities, color_mode: str = "", timeout: float = 30.0) -> tuple[bytes, str]:
    """The document and its MIME type: PDF where the printer takes it or names nothing, else raster (PWG 5102.4).

    Raises Refused "format-not-supported".
    """
    if not can.formats or "application/pdf" in can.formats:
        return pdf, "application/pdf"
    if "image/pwg-raster" in can.formats:
        finer = sorted(dpi for dpi in can.raster_dpi if dpi >= RASTER_DPI)
        dpi = RASTER_DPI if not can.raster_dpi else finer[0] if finer else max(can.raster_dpi)
        grey = "sgray_8" in can.raster_types or not can.raster_types
        colour = "srgb_8" in can.raster_types and (color_mode == "color" or not grey)
        options = {
            "PageSize": "A4",
            "Resolution": f"{dpi}dpi",
            "pwg-raster-document-type": "srgb_8" if colour else "sgray_8",
        }
        return _filter(pdf, "application/pdf", "image/pwg-raster", options, timeout), "image/pwg-raster"
    raise Refused("format-not-supported", ", ".join(can.formats))


def _filter(document: bytes, kind: str, wanted: str, options: dict[str, str], timeout: float) -> bytes:
    """Through cupsfilter. The document is in memory; what filters put on the disk is private and gone at the end."""
    program = shutil.which("cupsfilter", path=os.environ.get("PATH", "") + ":/usr/sbin")
    if program is None:
        raise Refused("format-not-supported", "cupsfilter is not installed")
    words = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
    file = os.memfd_create("document")
    try:
        os.write(file, document)
        with tempfile.TemporaryDirectory(prefix="print-") as private:
            process = subprocess.Popen(
                [program, "-i", kind, "-m", wanted, *words, f"/proc/{os.getpid()}/fd/{file}"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=os.environ | {"TMPDIR": private},
                start_new_session=True,
            )
            try:
                made, _ = process.communicate(timeout=timeout)
            except subprocess.TimeoutExpired:
                made = b""
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
    finally:
        os.close(file)
    if process.returncode or len(made) < 100:
        raise Refused("format-not-supported", f"no {wanted} could be made of it")
    return made
