"""Strange files: what is good comes out clean, everything else is refused with its reason and costs nothing."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image

from kiosk.documents.incoming import LARGEST, REASONS, Incoming, IncomingRefused, take_in

Change = Callable[[pikepdf.Pdf], None]


def picture(kind: str, size: tuple[int, int] = (600, 800), mode: str = "RGB", **options: object) -> bytes:
    data = io.BytesIO()
    Image.new(mode, size).save(data, kind, **options)
    return data.getvalue()


def pdf(change: Change = lambda _: None, pages: int = 1, **options: object) -> bytes:
    data = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page()
        change(document)
        document.save(data, **options)  # type: ignore[arg-type]
    return data.getvalue()


def taken(content: bytes) -> Incoming:
    result = take_in(content, 5)
    assert isinstance(result, Incoming), result
    return result


def reason(content: bytes) -> str:
    result = take_in(content, 5)
    assert isinstance(result, IncomingRefused)
    assert result.reason in REASONS
    return result.reason


def test_a_picture_is_made_anew_upright_and_no_larger_than_a_page() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lay on its side
    exif[0x010E] = "where it was taken"
    sent = picture("JPEG", (4000, 3000), exif=exif) + b"PK\x03\x04 a zip behind it <script>"
    made = taken(sent)
    [page] = made.pages
    opened = Image.open(io.BytesIO(page))
    assert opened.format == "JPEG" and opened.size == (1754, 2339) and not opened.getexif()
    assert b"PK\x03\x04" not in page and b"script" not in page


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "1", "I;16"])
def test_every_kind_of_png(mode: str) -> None:
    opened = Image.open(io.BytesIO(taken(picture("PNG", mode=mode)).pages[0]))
    assert (opened.format, opened.mode) == ("JPEG", "RGB")
    if mode == "RGBA":
        assert opened.getpixel((1, 1)) == (255, 255, 255), "what is see-through is white"


def png_bomb() -> bytes:
    """A header that promises 60,000 by 60,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60000, 60000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(10_000_000)))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "kind"),
        (b"GIF89a" + bytes(50), "kind"),
        (b"MZ" + picture("JPEG"), "kind"),
        (b" " + pdf(), "kind"),
        (b"\xff\xd8\xff" + bytes(LARGEST), "too-large"),
        (b"\xff\xd8\xff\xe0 nothing", "broken"),
        (picture("PNG")[:300], "broken"),
        (b"\xff\xd8\xff" + picture("PNG"), "broken"),
        (png_bomb(), "too-many-pixels"),
        (picture("JPEG", (319, 2000)), "too-small"),
        (b"%PDF-1.7\nnothing", "broken"),
        (pdf(pages=6), "too-many-pages"),
        (pdf(encryption=pikepdf.Encryption(owner="o", user="u")), "encrypted"),
        (pdf(encryption=pikepdf.Encryption(owner="o", user="")), "encrypted"),
    ],
    ids=[
        "nothing", "gif", "program", "pdf-not-first", "large", "no-jpeg", "cut", "png-in-jpeg", "bomb", "small",
        "no-pdf", "pages", "password", "no-password-needed",
    ],
)  # fmt: skip
def test_refused(content: bytes, why: str) -> None:
    assert reason(content) == why


def script(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def named_script(document: pikepdf.Pdf) -> None:
    action = Dictionary(S=Name.JavaScript, JS=Stream(document, b"app.alert(1)"))
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), document.make_indirect(action)])))


def launch(document: pikepdf.Pdf) -> None:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.Launch, F=String("x")))
    document.pages[0].obj.Annots = Array([document.make_indirect(link)])


def file_inside(document: pikepdf.Pdf) -> None:
    document.attachments["a.exe"] = b"MZ"


def deep(document: pikepdf.Pdf) -> None:
    inner: pikepdf.Object = Dictionary(AA=Dictionary(O=Dictionary(S=Name.Launch)))
    for _ in range(8):
        inner = Array([inner])
    document.pages[0].obj.PieceInfo = inner


def led_to_by_nothing(document: pikepdf.Pdf) -> None:
    document.Root.Extensions = document.make_indirect(Dictionary(Type=Name.Filespec, EF=Dictionary()))


def form(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = Dictionary(XFA=Stream(document, b"<xdp/>"), Fields=Array([]))


@pytest.mark.parametrize("change", [script, named_script, launch, file_inside, deep, led_to_by_nothing, form])
def test_a_pdf_that_does_something_is_refused(change: Change) -> None:
    assert reason(pdf(change)) == "active"
    packed = pdf(change, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert reason(packed) == "active"


def test_a_pdf_too_deep_or_without_end_costs_one_file() -> None:
    assert reason(b"%PDF-1.4\n1 0 obj\n" + b"[" * 400_000 + b"\nendobj\ntrailer<</Root 1 0 R>>") in (
        "broken",
        "worker-died",
    )
    bomb = zlib.compress(bytes(300_000_000), 9)
    for _ in range(2):
        bomb = zlib.compress(bomb, 9)
    objects = b"%PDF-1.5\n1 0 obj<</Type/ObjStm/N 1/First 4/Filter[/FlateDecode/FlateDecode/FlateDecode]/Length "
    assert reason(objects + str(len(bomb)).encode() + b">>stream\n" + bomb + b"\nendstream endobj") == "broken"


def test_a_pdf_is_its_pages_as_they_are_printed() -> None:
    def change(document: pikepdf.Pdf) -> None:
        document.docinfo["/Author"] = "王示例"
        document.pages[0].obj.MediaBox = Array([0, 0, 595, 842])
        document.pages[0].obj.Contents = Stream(document, b"0 0 297 421 re f")
        document.pages[1].obj.MediaBox = Array([0, 0, 5950, 8420])
        document.pages[1].obj.Rotate = 90

    pages = [Image.open(io.BytesIO(page)) for page in taken(pdf(change, pages=3)).pages]
    assert [page.size for page in pages] == [(1653, 2339), (2339, 1653), (1700, 2200)], "at most A4 at 200 dpi"
    assert pages[0].getpixel((100, 2200)) == (0, 0, 0) and pages[0].getpixel((100, 100)) == (255, 255, 255)


def test_a_worker_that_takes_too_long_is_ended() -> None:
    assert take_in(picture("JPEG"), 5, patience=0.01) == IncomingRefused("worker-died")
