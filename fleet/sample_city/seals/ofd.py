"""A small OFD (GB/T 33190-2016): one page of text in lines, a frame, and a seal over everything."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from xml.sax.saxutils import escape

from fleet.sample_city.seals.ses import OfdSeal, set_seal
from fleet.sample_city.seals.sm2 import sm3

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
SIGNATURE = "Doc_0/Signs/Sign_0/Signature.xml"
VALUE = "Doc_0/Signs/Sign_0/SignedValue.dat"
LIST = "Doc_0/Signs/Signatures.xml"
#: A4, millimetres
WIDTH, HEIGHT = 210, 297
#: A family with Chinese and Latin letters that terminals have; Latin ones are taken as 0.55 of an em wide.
FONT, NARROW = "Noto Sans CJK SC", 0.55

#: a line: x, baseline y, size (all millimetres) and its text
Line = tuple[float, float, float, str]


def write_ofd(entries: Mapping[str, bytes]) -> bytes:
    """The package of these entries, the same bytes for the same entries."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def page_entries(lines: Sequence[Line], more: str = "", sealed: bool = True) -> dict[str, bytes]:
    """The entries of a document of one page, before it is sealed; `more` is put into its layer as it is."""
    objects = "".join(_text(number, line) for number, line in enumerate(lines, 20))
    signatures = f"<ofd:Signatures>/{LIST}</ofd:Signatures>" if sealed else ""
    frame = "M 10 10 L 200 10 L 200 287 L 10 287 C"
    return {
        "OFD.xml": _xml(
            f'<ofd:OFD {_NAMESPACE} Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>0</ofd:DocID>'
            f"</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>{signatures}</ofd:DocBody></ofd:OFD>"
        ),
        "Doc_0/Document.xml": _xml(
            f"<ofd:Document {_NAMESPACE}><ofd:CommonData><ofd:MaxUnitID>99</ofd:MaxUnitID><ofd:PageArea>"
            f"<ofd:PhysicalBox>0 0 {WIDTH} {HEIGHT}</ofd:PhysicalBox></ofd:PageArea>"
            "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData><ofd:Pages>"
            '<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>'
        ),
        "Doc_0/PublicRes.xml": _xml(
            f'<ofd:Res {_NAMESPACE} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="3" FontName="{FONT}"/></ofd:Fonts></ofd:Res>'
        ),
        "Doc_0/Pages/Page_0/Content.xml": _xml(
            f'<ofd:Page {_NAMESPACE}><ofd:Content><ofd:Layer ID="2" Type="Body">'
            f'<ofd:PathObject ID="10" Boundary="0 0 {WIDTH} {HEIGHT}" LineWidth="0.5">'
            f'<ofd:StrokeColor Value="11 79 108"/>'
            f"<ofd:AbbreviatedData>{frame}</ofd:AbbreviatedData></ofd:PathObject>{objects}{more}"
            "</ofd:Layer></ofd:Content></ofd:Page>"
        ),
    }


def sealed_ofd(
    entries: Mapping[str, bytes], seal: OfdSeal, when: datetime, place: tuple[float, float] = (145, 225)
) -> bytes:
    """The package of `entries` under `seal`, its picture with its top left corner at `place`."""
    references = "".join(
        f'<ofd:Reference FileRef="/{name}"><ofd:CheckValue>{base64.b64encode(sm3(content)).decode()}</ofd:CheckValue>'
        "</ofd:Reference>"
        for name, content in entries.items()
    )
    signature = _xml(
        f'<ofd:Signature {_NAMESPACE}><ofd:SignedInfo><ofd:Provider ProviderName="bianmin sample" Version="1"/>'
        "<ofd:SignatureMethod>1.2.156.10197.1.501</ofd:SignatureMethod>"
        f"<ofd:SignatureDateTime>{when:%Y%m%d%H%M%SZ}</ofd:SignatureDateTime>"
        f'<ofd:References CheckMethod="1.2.156.10197.1.401">{references}</ofd:References>'
        f'<ofd:StampAnnot ID="1" PageRef="1" Boundary="{place[0]} {place[1]} {seal.width} {seal.height}"/>'
        f"</ofd:SignedInfo><ofd:SignedValue>/{VALUE}</ofd:SignedValue></ofd:Signature>"
    )
    listed = _xml(
        f"<ofd:Signatures {_NAMESPACE}><ofd:MaxSignId>1</ofd:MaxSignId>"
        f'<ofd:Signature ID="1" Type="Seal" BaseLoc="/{SIGNATURE}"/></ofd:Signatures>'
    )
    value = set_seal(seal, signature, f"/{SIGNATURE}", when)
    return write_ofd({**entries, LIST: listed, SIGNATURE: signature, VALUE: value})


def _text(number: int, line: Line) -> str:
    x, y, size, text = line
    steps = " ".join(f"{size if ord(character) > 0x2E7F else size * NARROW:g}" for character in text[:-1])
    delta = f' DeltaX="{steps}"' if steps else ""
    return (
        f'<ofd:TextObject ID="{number}" Boundary="{x:g} {y - size:g} {WIDTH - x:g} {size * 1.4:g}" Font="3" '
        f'Size="{size:g}"><ofd:FillColor Value="15 31 46"/><ofd:TextCode X="0" Y="{size:g}"{delta}>{escape(text)}'
        "</ofd:TextCode></ofd:TextObject>"
    )


def _xml(text: str) -> bytes:
    return (_HEAD + text).encode()
