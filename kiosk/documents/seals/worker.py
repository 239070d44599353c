"""The worker: `python -m kiosk.documents.seals.worker` checks and draws one document, then ends.

Standard input: {"kind": "check", "trust": {"pdf": [...], "ofd": [...]}, "now": epoch seconds} and the document, or
{"kind": "preview"} and a PDF of ours. Standard output: {"kind": "checked", …, "preview", "text": their bytes} and the
JPEG, the text and the PDF to print after each other, or {"kind": "refused", "reason": …}.
"""

from __future__ import annotations

import base64
import io
import os
import resource
import time
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import img2pdf
import pypdfium2
from PIL import Image

from kiosk import worker_messages
from kiosk.documents.seals.ofd import check_ofd
from kiosk.documents.seals.ofd_pages import DPI, OfdPages, Unfaithful
from kiosk.documents.seals.pdf import check_pdf
from kiosk.documents.seals.results import Checked, Refusal

#: A preview is as wide as a page on the screen.
PREVIEW_WIDTH = 900
MOST_PAGES = 50
#: bytes; a certificate has some hundred characters
LONGEST_TEXT = 1024 * 1024
#: What one document may cost: bytes of memory, seconds of processor.
MEMORY, PROCESSOR = 3 * 1024**3, 40


def check(content: bytes, trust: dict[str, list[bytes]], now: datetime) -> Checked:
    """Verify the seals of a PDF or OFD and draw it. Raises Refusal."""
    began = time.perf_counter()
    if content.startswith(b"%PDF-"):
        seals = check_pdf(content, trust["pdf"], now)
        pages, text, preview = _pdf(content)
        checked = Checked("pdf", seals, pages, text, content, preview)
    elif content.startswith(b"PK"):
        checked = _ofd(content, trust["ofd"], now)
    else:
        raise Refusal("not-a-document")
    spent = (time.perf_counter() - began) * 1000
    return Checked(**{**vars(checked), "milliseconds": round(spent, 1)})


def _pdf(content: bytes) -> tuple[int, str, bytes]:
    """Pages, text without spaces, JPEG of the first page. Raises Refusal."""
    try:
        document = pypdfium2.PdfDocument(content)
        # so that stamps, which are form fields of the PDF, are drawn as they are printed
        document.init_forms()
        if not 0 < len(document) <= MOST_PAGES:
            raise Refusal("not-a-document", "number of pages")
        text = "".join(page.get_textpage().get_text_range() for page in document)
        width, _ = document[0].get_size()
        picture = document[0].render(scale=PREVIEW_WIDTH / width).to_pil()
        return len(document), "".join(text.split()), _jpeg(picture)
    except pypdfium2.PdfiumError:
        raise Refusal("not-a-document", "pdfium") from None


def _ofd(content: bytes, roots: list[bytes], now: datetime) -> Checked:
    sealed = check_ofd(content, roots, now)
    text, count = "", 0
    try:
        pages = OfdPages(sealed)
        text, count = pages.text, len(pages.pages)
        drawn = list(pages.draw())
    except Unfaithful as reason:
        return Checked("ofd", sealed.seals, count, text, unprintable=str(reason) or "unknown")
    written = []
    for page in drawn:
        file = io.BytesIO()
        page.save(file, "PNG", dpi=(DPI, DPI), compress_level=2)
        written.append(file.getvalue())
    return Checked("ofd", sealed.seals, count, text, img2pdf.convert(written), _jpeg(drawn[0]))


def _jpeg(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture = picture.convert("RGB")
    picture.thumbnail((PREVIEW_WIDTH, PREVIEW_WIDTH * 3), Image.Resampling.LANCZOS)
    picture.save(file, "JPEG", quality=85)
    return file.getvalue()


def _answer(header: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        if header["kind"] == "preview":
            pages, _, preview = _pdf(content)
            return {"kind": "checked", "pages": pages, "preview": len(preview)}, preview
        trust = {kind: [base64.b64decode(root) for root in header["trust"][kind]] for kind in ("pdf", "ofd")}
        checked = check(content, trust, datetime.fromtimestamp(header["now"], UTC))
    except Refusal as refusal:
        return {"kind": "refused", "reason": refusal.reason, "detail": refusal.detail}, b""
    text = checked.text.encode()[:LONGEST_TEXT]
    said = {
        "kind": "checked",
        "document": checked.kind,
        "seals": [asdict(seal) | {"signed_at": seal.signed_at.timestamp()} for seal in checked.seals],
        "pages": checked.pages,
        "unprintable": checked.unprintable,
        "milliseconds": checked.milliseconds,
        "preview": len(checked.preview),
        "text": len(text),
    }
    # a PDF is printed as it came: its own bytes need not travel back
    return said, checked.preview + text + (checked.printable if checked.kind == "ofd" else b"")


def main() -> None:
    """Answer once."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR, PROCESSOR))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The answer keeps the pipe to itself: whatever native code prints goes to standard error.
    output = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    message = worker_messages.receive(os.fdopen(0, "rb", buffering=0))
    if message is not None:
        worker_messages.send(output, *_answer(*message))


if __name__ == "__main__":
    main()
