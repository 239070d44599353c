"""OFD pages drawn as they were laid out, or not at all.

Drawn are: text in fonts the file carries or that are named and installed here, straight lines, curves and filled
shapes, pictures (PNG, JPEG), seals. Every other object, attribute or resource makes the page one that is not drawn:
`Unfaithful` then says what it was. Lengths in an OFD are millimetres from the top left.
"""

from __future__ import annotations

import functools
import io
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field

from fontTools.ttLib import TTFont, TTLibError
from lxml import etree
from PIL import Image, ImageDraw, ImageFont

from kiosk.documents.seals.ofd import SealedOfd, Stamp
from kiosk.documents.seals.ofd_package import named, resolved, text_of

DPI = 300
_DOTS = DPI / 25.4
#: A3; more would fill the memory.
_LARGEST_SIDE = 420.0
MOST_PAGES = 20
#: Families an OFD may name without carrying them, drawn by the very same family only.
_FAMILIES = ("Noto Sans CJK SC", "Noto Serif CJK SC")
_PAGE_ATTRIBUTES = {
    "TextObject": {"ID", "Boundary", "Font", "Size", "Fill", "Name"},
    "PathObject": {"ID", "Boundary", "LineWidth", "Stroke", "Fill", "Name"},
    "ImageObject": {"ID", "Boundary", "CTM", "ResourceID", "Name"},
}
_PARTS = {
    "TextObject": {"FillColor", "TextCode"},
    "PathObject": {"FillColor", "StrokeColor", "AbbreviatedData"},
    "ImageObject": set(),
}
_NUMBER = re.compile(r"-?(\d+(\.\d*)?|\.\d+)")


class Unfaithful(Exception):
    """A page holds something that is not drawn here; the message says what, never the text."""


@dataclass
class _Resources:
    """Fonts and pictures by id."""

    fonts: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class OfdPage:
    """One page: its text in the order of its objects, and what draws it."""

    content: etree._Element
    size: tuple[float, float]
    stamps: tuple[Stamp, ...]


class OfdPages:
    """The pages of a sealed OFD. Raises Refusal for one that is not whole."""

    def __init__(self, sealed: SealedOfd) -> None:
        package, document = sealed.package, sealed.document
        self._package = package
        root = package.xml(document)
        common = root.find(named("CommonData"))
        self.not_drawn = _whole_document(root, common)
        self._resources = _Resources()
        self._read_resources(common, document)
        area = common.find(named("PageArea")) if common is not None else None
        pages = root.find(named("Pages"))
        self.pages: list[OfdPage] = []
        for entry in pages.findall(named("Page")) if pages is not None else []:
            content = package.xml(resolved(entry.get("BaseLoc", ""), document))
            own = content.find(named("Area"))
            box = _box_of(own if own is not None else area)
            stamps = tuple(stamp for stamp in sealed.stamps if stamp.page == entry.get("ID"))
            self.pages.append(OfdPage(content, box, stamps))
        if {stamp.page for stamp in sealed.stamps} - {entry.get("ID") for entry in root.iter(named("Page"))}:
            self.not_drawn = self.not_drawn or "a seal on no page"

    @property
    def text(self) -> str:
        """Everything written on the pages, without spaces."""
        codes = (code.text or "" for page in self.pages for code in page.content.iter(named("TextCode")))
        return "".join("".join(codes).split())

    def draw(self) -> Iterator[Image.Image]:
        """Each page at `DPI`. Raises Unfaithful at the first thing that is not drawn here."""
        if self.not_drawn:
            raise Unfaithful(self.not_drawn)
        if not 0 < len(self.pages) <= MOST_PAGES:
            raise Unfaithful("number of pages")
        for page in self.pages:
            yield _Drawing(page, self._resources).drawn()

    def _read_resources(self, common: etree._Element | None, document: str) -> None:
        for kind in ("PublicRes", "DocumentRes"):
            for listed in common.findall(named(kind)) if common is not None else []:
                path = resolved(listed.text or "", document)
                root = self._package.xml(path)
                base = resolved(root.get("BaseLoc", ".") + "/x", path)
                for font in root.iter(named("Font")):
                    carried = font.find(named("FontFile")) is not None
                    file = self._package.read(resolved(text_of(font, "FontFile"), base)) if carried else b""
                    styled = {name for name in ("Bold", "Italic") if font.get(name, "false") == "true"}
                    name = "" if styled and not carried else font.get("FontName", "")
                    self._resources.fonts[font.get("ID", "")] = (name, file)
                for media in root.iter(named("MultiMedia")):
                    if media.get("Type") == "Image":
                        content = self._package.read(resolved(text_of(media, "MediaFile"), base))
                        self._resources.pictures[media.get("ID", "")] = content


class _Drawing:
    """A page while it is drawn."""

    def __init__(self, page: OfdPage, resources: _Resources) -> None:
        self._page, self._resources = page, resources
        width, height = (max(1, round(side * _DOTS)) for side in page.size)
        self._image = Image.new("RGB", (width, height), "white")

    def drawn(self) -> Image.Image:
        root = self._page.content
        if _children(root) - {"Area", "Content"}:
            raise Unfaithful("template or action")
        content = root.find(named("Content"))
        for layer in content if content is not None else ():
            if layer.tag != named("Layer") or set(layer.attrib) - {"ID", "Type"}:
                raise Unfaithful("layer")
            for thing in layer:
                self._draw(thing)
        for stamp in self._page.stamps:
            if stamp.picture_type not in ("png", "jpg", "jpeg"):
                raise Unfaithful(f"a seal of type {stamp.picture_type}"[:40])
            self._place(stamp.picture, stamp.box)
        return self._image

    def _draw(self, thing: etree._Element) -> None:
        kind = etree.QName(thing).localname
        if kind not in _PARTS:
            raise Unfaithful(kind[:40])
        extra = (set(map(str, thing.attrib)) - _PAGE_ATTRIBUTES[kind]) | (_children(thing) - _PARTS[kind])
        if extra:
            raise Unfaithful(f"{kind} with {min(extra)}"[:60])
        {"TextObject": self._text, "PathObject": self._path, "ImageObject": self._picture}[kind](thing)

    def _text(self, thing: etree._Element) -> None:
        left, top, _, _ = _numbers(thing.get("Boundary", ""), 4)
        size = _numbers(thing.get("Size", ""), 1)[0]
        name, file = self._resources.fonts.get(thing.get("Font", ""), ("", b""))
        font = _font(name, file, max(1, round(size * _DOTS * 64)))
        colour = _colour(thing.find(named("FillColor")), (0, 0, 0))
        if thing.get("Fill", "true") != "true":
            raise Unfaithful("text without fill")
        pen = ImageDraw.Draw(self._image)
        for code in thing.findall(named("TextCode")):
            if set(code.attrib) - {"X", "Y", "DeltaX", "DeltaY"}:
                raise Unfaithful("TextCode")
            text = code.text or ""
            x, y = (left + _numbers(code.get("X", "0"), 1)[0], top + _numbers(code.get("Y", "0"), 1)[0])
            steps = zip(
                _deltas(code.get("DeltaX", ""), len(text)), _deltas(code.get("DeltaY", ""), len(text)), strict=True
            )
            for character, (right, down) in zip(text, steps, strict=True):
                if not _has(name, file, character):
                    raise Unfaithful("a character its font does not have")
                pen.text((x * _DOTS, y * _DOTS), character, colour, font, anchor="ls")
                x, y = x + right, y + down

    def _path(self, thing: etree._Element) -> None:
        left, top, _, _ = _numbers(thing.get("Boundary", ""), 4)
        data = thing.find(named("AbbreviatedData"))
        lines = _lines(data.text or "" if data is not None else "")
        dots = [[((left + x) * _DOTS, (top + y) * _DOTS) for x, y in line] for line in lines]
        pen = ImageDraw.Draw(self._image)
        if thing.get("Fill", "false") == "true":
            if len(dots) > 1:
                raise Unfaithful("a shape of several parts")
            for line in dots:
                pen.polygon(line, fill=_colour(thing.find(named("FillColor")), (0, 0, 0)))
        if thing.get("Stroke", "true") == "true":
            width = max(1, round(_numbers(thing.get("LineWidth", "0.353"), 1)[0] * _DOTS))
            for line in dots:
                pen.line(line, _colour(thing.find(named("StrokeColor")), (0, 0, 0)), width)

    def _picture(self, thing: etree._Element) -> None:
        left, top, width, height = _numbers(thing.get("Boundary", ""), 4)
        a, b, c, d, e, f = _numbers(thing.get("CTM", f"{width} 0 0 {height} 0 0"), 6)
        if b or c or a <= 0 or d <= 0:
            raise Unfaithful("a turned picture")
        if e < 0 or f < 0 or e + a > width + 0.01 or f + d > height + 0.01:
            raise Unfaithful("part of a picture")
        content = self._resources.pictures.get(thing.get("ResourceID", ""))
        if content is None:
            raise Unfaithful("a picture that is missing")
        self._place(content, (left + e, top + f, a, d))

    def _place(self, content: bytes, box: tuple[float, float, float, float]) -> None:
        try:
            with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as opened:
                if opened.width * opened.height > 40_000_000:
                    raise Unfaithful("a picture too large")
                picture = opened.convert("RGBA")
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            raise Unfaithful("a picture of another kind") from None
        x, y, width, height = (round(side * _DOTS) for side in box)
        if not (0 < width <= 4 * self._image.width and 0 < height <= 4 * self._image.height):
            raise Unfaithful("a picture's size")
        sized = picture.resize((width, height), Image.Resampling.LANCZOS)
        self._image.paste(sized, (x, y), sized)


def _whole_document(root: etree._Element, common: etree._Element | None) -> str:
    """What of the document is not drawn here; "" for nothing."""
    extra = _children(root) - {"CommonData", "Pages", "Permissions", "VPreferences", "Outlines", "Attachments"}
    if common is not None:
        extra |= _children(common) - {"MaxUnitID", "PageArea", "PublicRes", "DocumentRes", "TemplatePage"}
    return min(extra, default="")


def _children(element: etree._Element) -> set[str]:
    return {etree.QName(child).localname for child in element if isinstance(child.tag, str)}


def _box_of(area: etree._Element | None) -> tuple[float, float]:
    if area is None:
        raise Unfaithful("a page without a size")
    left, top, width, height = _numbers(text_of(area, "PhysicalBox"), 4)
    if left or top or not (0 < width <= _LARGEST_SIDE and 0 < height <= _LARGEST_SIDE):
        raise Unfaithful("page size")
    return width, height


def _numbers(text: str, count: int) -> list[float]:
    parts = text.split()
    if len(parts) != count or not all(len(part) < 20 and _NUMBER.fullmatch(part) for part in parts):
        raise Unfaithful("numbers")
    return [float(part) for part in parts]


def _deltas(text: str, count: int) -> list[float]:
    """A step for each of `count` characters; `g 3 5.5` says 5.5 three times (chapter 11.3). The last has none."""
    steps: list[float] = []
    parts = iter(text.split())
    for part in parts:
        if part == "g":
            times, step = next(parts, ""), next(parts, "")
            if not (times.isdigit() and len(times) < 6):
                raise Unfaithful("numbers")
            steps += _numbers(step, 1) * int(times)
        else:
            steps += _numbers(part, 1)
    if text and len(steps) < count - 1:
        raise Unfaithful("steps between characters")
    return [*steps, *[0.0] * count][:count]


def _colour(element: etree._Element | None, default: tuple[int, int, int]) -> tuple[int, int, int]:
    if element is None:
        return default
    if len(element) or set(element.attrib) - {"Value"}:
        raise Unfaithful("colour")
    red, green, blue = (round(part) for part in _numbers(element.get("Value", ""), 3))
    if not all(0 <= part <= 255 for part in (red, green, blue)):
        raise Unfaithful("colour")
    return red, green, blue


def _lines(text: str) -> list[list[tuple[float, float]]]:
    """The lines of AbbreviatedData (chapter 9.3.3): M, L, C and B; curves in 24 pieces."""
    parts = text.split()
    lines: list[list[tuple[float, float]]] = []
    place = 0
    while place < len(parts):
        what = parts[place]
        count = {"M": 2, "S": 2, "L": 2, "B": 6, "C": 0}.get(what)
        if count is None or (what not in "MS" and not lines):
            raise Unfaithful("a curve of another kind")
        numbers = _numbers(" ".join(parts[place + 1 : place + 1 + count]), count)
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        if what in "MS":
            lines.append(points)
        elif what == "L":
            lines[-1] += points
        elif what == "B":
            lines[-1] += _curve(lines[-1][-1], *points)
        else:
            lines[-1].append(lines[-1][0])
        place += 1 + count
    return lines


def _curve(*points: tuple[float, float]) -> list[tuple[float, float]]:
    """A cubic Bézier curve from the first point to the last."""
    found = []
    for step in range(1, 25):
        t = step / 24
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        found.append((sum(w * p[0] for w, p in zip(weights, points, strict=True)),
                      sum(w * p[1] for w, p in zip(weights, points, strict=True))))  # fmt: skip
    return found


@functools.lru_cache(maxsize=64)
def _font(name: str, file: bytes, sixty_fourths: int) -> ImageFont.FreeTypeFont:
    try:
        if file:
            return ImageFont.truetype(io.BytesIO(file), sixty_fourths / 64)
        path, index = _installed(name)
        return ImageFont.truetype(path, sixty_fourths / 64, index)
    except (OSError, ValueError):
        raise Unfaithful("a font that cannot be read") from None


@functools.lru_cache(maxsize=64)
def _characters(name: str, file: bytes) -> frozenset[int]:
    try:
        if file:
            font = TTFont(io.BytesIO(file), lazy=True)
        else:
            path, index = _installed(name)
            font = TTFont(path, fontNumber=index, lazy=True)
        return frozenset(font.getBestCmap() or ())
    except (TTLibError, OSError, ValueError, KeyError, AssertionError):
        raise Unfaithful("a font that cannot be read") from None


def _has(name: str, file: bytes, character: str) -> bool:
    return character.isspace() or ord(character) in _characters(name, file)


@functools.cache
def _installed(name: str) -> tuple[str, int]:
    """The file and index of an installed family, asked of fontconfig. Raises Unfaithful where it is another's."""
    if name not in _FAMILIES:
        raise Unfaithful("a font that is not in the file")
    asked = ["fc-match", "-f", "%{family}\n%{file}\n%{index}", f"{name}:style=Regular"]
    said = subprocess.run(asked, capture_output=True, text=True, timeout=10).stdout.split("\n")
    if len(said) != 3 or name not in said[0].split(","):
        raise Unfaithful("a font that is not installed")
    return said[1], int(said[2])
