"""The worker that opens one strange file: `python -m kiosk.documents.incoming_worker`, started by `take_in` alone.

take_in -> worker   {"kind": "file", "most_pages": n} + the file
worker -> take_in   {"kind": "taken", "sizes": [bytes of each page]} + their JPEGs · {"kind": "refused", "reason": …}

It has little memory and time, writes no file, and ends with the one answer.
"""

from __future__ import annotations

import io
import os
import resource
import warnings
from collections.abc import Iterator

import pikepdf
import pypdfium2
from PIL import Image, ImageOps

from kiosk import worker_messages
from offline_cache.crash_dumps import forbid_crash_dumps

#: address space and seconds of processor time: a picture of 50 megapixels needs a third of either
MEMORY, SECONDS = 1024 * 1024 * 1024, 15
#: pixels of a picture that is opened at all; phones make 12 to 50 million
MOST_PIXELS = 50_000_000
#: a page of A4 at 200 dpi, and at about 40 dpi, at which nothing can be read
LONGEST, SHORTEST = 2339, 320
QUALITY = 80
#: 200 dpi: pixels to a point
MOST_SCALE = 200 / 72
#: how deep arrays and dictionaries may lie in each other
DEEPEST = 60
_PICTURES = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}
#: ISO 32000-2, 12.6.4: actions that run, open, send or fetch something; 12.5.6: annotations that carry such things
_ACTIONS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition"}
_CARRIERS = {"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"}
#: keys under which scripts, files and XML forms hang
_KEYS = {"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/AF"}
#: what a page needs to be seen (table 31); everything else of it stays behind
_PAGE = {"/Type", "/Contents", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/Group", "/UserUnit"}


class Refused(Exception):
    """The file is not taken; the message is the reason."""


def main() -> None:
    """Answer for the file on standard input."""
    forbid_crash_dumps()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    with os.fdopen(0, "rb", buffering=0) as source, os.fdopen(os.dup(1), "wb", buffering=0) as answers:
        asked = worker_messages.receive(source)
        if asked is None:
            return
        header, content = asked
        try:
            pages = open_file(content, int(header["most_pages"]))
        except Refused as refused:
            worker_messages.send(answers, {"kind": "refused", "reason": str(refused)})
            return
        taken = {"kind": "taken", "sizes": [len(page) for page in pages]}
        worker_messages.send(answers, taken, b"".join(pages))


def open_file(content: bytes, most_pages: int) -> list[bytes]:
    """The pages of the file as JPEGs. Raises Refused."""
    if content.startswith(b"%PDF-"):
        return _drawn(_pdf(content, most_pages))
    for signature, kind in _PICTURES.items():
        if content.startswith(signature):
            return [_picture(content, kind)]
    raise Refused("kind")


def _picture(content: bytes, kind: str) -> bytes:
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    try:
        picture = Image.open(io.BytesIO(content), formats=[kind])
        if picture.width * picture.height > MOST_PIXELS:
            raise Refused("too-many-pixels")
        if min(picture.size) < SHORTEST:
            raise Refused("too-small")
        picture.draft("RGB", (LONGEST, LONGEST))
        ImageOps.exif_transpose(picture, in_place=True)
        # what is see-through is shown on white, as every viewer does
        page = Image.new("RGB", picture.size, "white")
        page.paste(picture.convert("RGB"), mask=picture.convert("RGBA").getchannel("A"))
        page.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
        return _jpeg(page)
    except Image.DecompressionBombError:
        raise Refused("too-many-pixels") from None
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError):
        raise Refused("broken") from None


def _jpeg(page: Image.Image) -> bytes:
    written = io.BytesIO()
    page.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()


def _drawn(pdf: bytes) -> list[bytes]:
    """Each page as it would be printed, at most 200 dpi."""
    try:
        return [
            _jpeg(page.render(scale=min(MOST_SCALE, LONGEST / max(page.get_size()))).to_pil().convert("RGB"))
            for page in pypdfium2.PdfDocument(pdf)
        ]
    except (pypdfium2.PdfiumError, OSError, ValueError, ZeroDivisionError, MemoryError):
        raise Refused("broken") from None


def _pdf(content: bytes, most_pages: int) -> bytes:
    """Its pages alone, with what is written into its fields, and nothing that does anything. Raises Refused."""
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            if document.is_encrypted:
                raise Refused("encrypted")
            pages = len(document.pages)
            if not pages:
                raise Refused("broken")
            if pages > most_pages:
                raise Refused("too-many-pages")
            if any(_is_active(each) for each in _dictionaries(document)):
                raise Refused("active")
            document.flatten_annotations("all")
            with pikepdf.new() as clean:
                clean.pages.extend(document.pages)
                for page in clean.pages:
                    for key in set(page.obj.keys()) - _PAGE - {"/Parent"}:
                        del page.obj[key]
                clean.remove_unreferenced_resources()
                written = io.BytesIO()
                clean.save(written, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    except pikepdf.PasswordError:
        raise Refused("encrypted") from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError, MemoryError):
        raise Refused("broken") from None
    return written.getvalue()


def _dictionaries(document: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every dictionary of the file, and those in others, whether anything leads to them or not."""
    waiting = [(each, 0) for each in document.objects] + [(document.trailer, 0)]
    while waiting:
        each, depth = waiting.pop()
        if depth > DEEPEST:
            raise Refused("broken")
        if isinstance(each, pikepdf.Array):
            inside = list(each)
        elif isinstance(each, (pikepdf.Dictionary, pikepdf.Stream)):
            yield each
            inside = [each[key] for key in set(each.keys())]
        else:
            continue
        # what is indirect is among the file's objects already
        waiting += [(one, depth + 1) for one in inside if isinstance(one, pikepdf.Object) and not one.is_indirect]


def _is_active(each: pikepdf.Object) -> bool:
    keys = set(each.keys())
    return bool(
        keys & _KEYS
        or (isinstance(each, pikepdf.Stream) and "/F" in keys)  # its bytes are in another file
        or str(each.get("/S", "")) in _ACTIONS
        or str(each.get("/Subtype", "")) in _CARRIERS
        or str(each.get("/Type", "")) in ("/EmbeddedFile", "/Filespec")
    )


if __name__ == "__main__":
    main()
