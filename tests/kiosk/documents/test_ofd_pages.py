"""OFD pages: drawn where everything is where it belongs, and not drawn at all where anything is unknown."""

from __future__ import annotations

import io

import numpy as np
import pypdfium2
import pytest
from fontTools import subset
from fontTools.ttLib import TTFont
from PIL import Image

from fleet.sample_city.seals.ofd import page_entries, sealed_ofd
from kiosk.documents.seals import checking
from kiosk.documents.seals.ofd import check_ofd
from kiosk.documents.seals.ofd_pages import DPI, OfdPages, Unfaithful
from kiosk.documents.seals.results import Checked
from tests.kiosk.documents.sealing import LINES, NOW, city, good_ofd

Entries = dict[str, bytes]
PAGE, RESOURCES, DOCUMENT = "Doc_0/Pages/Page_0/Content.xml", "Doc_0/PublicRes.xml", "Doc_0/Document.xml"
NOTO = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"


def pages(entries: Entries) -> OfdPages:
    return OfdPages(check_ofd(sealed_ofd(entries, city().seal, NOW), city().trust.ofd, NOW))


def drawn(entries: Entries) -> np.ndarray:
    (page,) = pages(entries).draw()
    return np.asarray(page)


def why_not(entries: Entries) -> str:
    with pytest.raises(Unfaithful) as reason:
        list(pages(entries).draw())
    return str(reason.value)


def part(page: np.ndarray, x: float, y: float, width: float, height: float) -> np.ndarray:
    """A part of a page, in millimetres."""
    left, top, right, bottom = (round(side * DPI / 25.4) for side in (x, y, x + width, y + height))
    return page[top:bottom, left:right]


def red(page: np.ndarray) -> int:
    """How many dots are red as a seal is."""
    return int(((page[:, :, 0] > 150) & (page[:, :, 1] < 110)).sum())


def test_text_lines_and_seal_are_where_the_file_says() -> None:
    page = drawn(page_entries(LINES))
    assert page.shape[:2] == (round(297 * DPI / 25.4), round(210 * DPI / 25.4))
    # characters stand on the baseline y = 82: ink above it, none well below and none before x = 30
    assert part(page, 30, 77, 40, 6).min() < 60
    assert part(page, 30, 84, 100, 4).min() == part(page, 12, 77, 17, 6).min() == 255
    # the frame is a line of half a millimetre at x = 10
    assert part(page, 9.9, 100, 0.2, 10).max() < 120 and part(page, 9, 100, 0.6, 10).min() == 255
    # the seal stands in its box and nowhere else
    assert red(part(page, 145, 225, 38, 38)) == red(page) > 10_000


def test_characters_stand_at_their_steps() -> None:
    """Two characters of 5 mm, the second 20 mm to the right of the first."""
    entries = page_entries([])
    entries[PAGE] = with_object(
        '<ofd:TextObject ID="9" Boundary="50 100 60 8" Font="3" Size="5">'
        '<ofd:TextCode X="0" Y="5" DeltaX="20">田田</ofd:TextCode></ofd:TextObject>'
    )
    page = drawn(entries)
    first, gap, second = part(page, 50, 100, 5, 6), part(page, 56, 100, 13, 6), part(page, 70, 100, 5, 6)
    assert first.min() < 60 and gap.min() == 255
    assert abs(int(first.sum()) - int(second.sum())) < first.size


def test_what_is_printed_is_that_page() -> None:
    checked = checking.check(good_ofd(), city().trust, NOW)
    assert isinstance(checked, Checked)
    page = pypdfium2.PdfDocument(checked.printable)[0]
    assert [round(side * 25.4 / 72) for side in page.get_size()] == [210, 297]
    printed = np.asarray(page.render(scale=DPI / 72).to_pil().convert("RGB")).astype(int)
    expected = drawn(page_entries(LINES)).astype(int)
    height, width = (min(one, other) for one, other in zip(printed.shape[:2], expected.shape[:2], strict=True))
    assert np.abs(printed[:height, :width] - expected[:height, :width]).mean() < 1.0
    assert np.abs(255 - expected).mean() > 2.0, "an empty page would not pass"


def test_steps_written_short() -> None:
    """`g 3 5` says 5 three times."""
    one, other = page_entries([]), page_entries([])
    text = '<ofd:TextObject ID="9" Boundary="50 100 60 8" Font="3" Size="5"><ofd:TextCode X="0" Y="5" DeltaX="{}">'
    end = "田田田田</ofd:TextCode></ofd:TextObject>"
    one[PAGE] = with_object(text.format("5 5 5") + end)
    other[PAGE] = with_object(text.format("g 3 5") + end)
    assert np.array_equal(drawn(one), drawn(other))


def with_object(text: str) -> bytes:
    return page_entries([], more=text)[PAGE]


def with_font(text: str, **attributes: str) -> Entries:
    """A page whose font is carried by the file, cut down to `text`'s characters."""
    font = TTFont(NOTO, fontNumber=2)
    cut = subset.Subsetter(subset.Options(drop_tables=["GSUB", "GPOS", "BASE", "VORG", "vhea", "vmtx"]))
    cut.populate(text=text)
    cut.subset(font)
    file = io.BytesIO()
    font.save(file)
    entries = page_entries([(30, 60, 6, "王示例")])
    named = f'<ofd:Font ID="3" FontName="{attributes.get("name", "ABCDEF+SimSun")}"><ofd:FontFile>f.otf</ofd:FontFile>'
    start = entries[RESOURCES].decode().split("<ofd:Font ")[0]
    entries[RESOURCES] = (start + named + "</ofd:Font></ofd:Fonts></ofd:Res>").encode()
    return {**entries, "Doc_0/Res/f.otf": file.getvalue()}


def test_a_font_the_file_carries() -> None:
    carried, installed = drawn(with_font("王示例")), drawn(page_entries([(30, 60, 6, "王示例")]))
    assert np.abs(carried.astype(int) - installed.astype(int)).mean() < 0.05


def test_a_character_the_carried_font_lacks() -> None:
    assert why_not(with_font("王例")) == "a character its font does not have"


def test_a_font_that_is_neither_carried_nor_here_is_not_replaced() -> None:
    entries = page_entries(LINES)
    entries[RESOURCES] = entries[RESOURCES].replace(b"Noto Sans CJK SC", "宋体".encode())
    assert why_not(entries) == "a font that is not in the file"


def test_a_picture_lies_in_its_box() -> None:
    file = io.BytesIO()
    Image.new("RGB", (40, 20), (200, 20, 20)).save(file, "PNG")
    image = '<ofd:ImageObject ID="9" Boundary="20 150 40 20" CTM="40 0 0 20 0 0" ResourceID="5"/>'
    entries = page_entries([], more=image)
    media = '<ofd:MultiMedias><ofd:MultiMedia ID="5" Type="Image"><ofd:MediaFile>p.png</ofd:MediaFile></ofd:MultiMedia>'
    entries[RESOURCES] = entries[RESOURCES].replace(b"</ofd:Res>", f"{media}</ofd:MultiMedias></ofd:Res>".encode())
    page = drawn({**entries, "Doc_0/Res/p.png": file.getvalue()})
    dots = DPI / 25.4
    assert abs(red(part(page, 19, 149, 42, 22)) - 40 * 20 * dots * dots) < 1000
    turned = entries[PAGE].replace(b"40 0 0 20 0 0", b"0 40 20 0 0 0")
    assert why_not({**entries, PAGE: turned, "Doc_0/Res/p.png": file.getvalue()}) == "a turned picture"


TEXT = (
    '<ofd:TextObject ID="9" Boundary="50 100 60 8" Font="3" Size="5"{}>{}'
    '<ofd:TextCode X="0" Y="5"{}>田</ofd:TextCode></ofd:TextObject>'
)


@pytest.mark.parametrize(
    ("thing", "reason"),
    [
        (TEXT.format(' CTM="1 0 0 1 9 9"', "", ""), "TextObject with CTM"),
        (TEXT.format(' Alpha="0"', "", ""), "TextObject with Alpha"),
        (TEXT.format(' Visible="false"', "", ""), "TextObject with Visible"),
        (TEXT.format(' Weight="900"', "", ""), "TextObject with Weight"),
        (TEXT.format("", '<ofd:CGTransform CodePosition="0"/>', ""), "TextObject with CGTransform"),
        (TEXT.format("", '<ofd:FillColor><ofd:AxialShd/></ofd:FillColor>', ""), "colour"),
        (TEXT.format("", '<ofd:FillColor Value="0 0 0" ColorSpace="7"/>', ""), "colour"),
        (TEXT.format("", "", ' DeltaX="1e5"'), "numbers"),
        (TEXT.format("", "", ' DeltaX="g 999999999 5"'), "numbers"),
        ('<ofd:PathObject ID="9" Boundary="0 0 9 9" DashPattern="1 1"/>', "PathObject with DashPattern"),
        (
            '<ofd:PathObject ID="9" Boundary="0 0 9 9"><ofd:AbbreviatedData>M 0 0 A 1 1 0 0 0 5 5</ofd:AbbreviatedData>'
            "</ofd:PathObject>",
            "a curve of another kind",
        ),
        ('<ofd:CompositeObject ID="9" Boundary="0 0 9 9" ResourceID="4"/>', "CompositeObject"),
        ("<ofd:PageBlock/>", "PageBlock"),
        ('<ofd:ImageObject ID="9" Boundary="0 0 9 9" ResourceID="4"/>', "a picture that is missing"),
    ],
)  # fmt: skip
def test_a_page_with_anything_unknown_is_not_drawn(thing: str, reason: str) -> None:
    assert why_not({**page_entries(LINES), PAGE: page_entries(LINES, more=thing)[PAGE]}) == reason


@pytest.mark.parametrize(
    ("path", "old", "new", "reason"),
    [
        (PAGE, "<ofd:Content>", '<ofd:Template TemplateID="1"/><ofd:Content>', "template or action"),
        (DOCUMENT, "<ofd:Pages>", "<ofd:Annotations>a.xml</ofd:Annotations><ofd:Pages>", "Annotations"),
        (DOCUMENT, "0 0 210 297", "0 0 9999 9999", "page size"),
        (DOCUMENT, "0 0 210 297", "5 5 210 297", "page size"),
        (DOCUMENT, '<ofd:Page ID="1"', '<ofd:Page ID="7"', "a seal on no page"),
        (PAGE, 'Type="Body"', 'Type="Body" DrawParam="3"', "layer"),
    ],
)
def test_a_document_with_anything_unknown_is_not_drawn(path: str, old: str, new: str, reason: str) -> None:
    entries = page_entries(LINES)
    assert old.encode() in entries[path]
    entries[path] = entries[path].replace(old.encode(), new.encode())
    with pytest.raises(Unfaithful, match=reason):
        list(pages(entries).draw())


def test_such_a_document_is_genuine_but_not_printed() -> None:
    """Its seals are good: the citizen's phone may have it."""
    entries = page_entries(LINES, more="<ofd:PageBlock/>")
    checked = checking.check(sealed_ofd(entries, city().seal, NOW), city().trust, NOW)
    assert isinstance(checked, Checked)
    assert (checked.unprintable, checked.printable, checked.preview) == ("PageBlock", b"", b"")
    assert checked.seals and "王示例" in checked.text
