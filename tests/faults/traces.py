"""Traces of a person in files: what could be one, in every spelling a program could write it, and the search."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from drivers.simulators import photo_decoder, sam_reader

#: pictures and documents by the beginnings of their formats, in front of enough of a header to be no accident
FORMATS: dict[str, bytes] = {
    "a JPEG": rb"\xff\xd8\xff(\xe0\x00\x10JFIF|\xe1..Exif|\xdb\x00[\x43\x84])",
    "a PNG": rb"\x89PNG\r\n\x1a\n",
    "a PDF": rb"%PDF-",
    "a BMP": rb"BM....\x00\x00\x00\x00[\x1a-\x8a]\x00\x00\x00[\x0c\x28\x38\x6c\x7c]\x00\x00\x00",
}
#: keys of a savepoint and of a case, which are nowhere else but there
KEYS = ("principal_card", "strokes", "receipt_number")
#: a file is searched in pieces of this many bytes, which overlap
PIECE, OVERLAP = 8 << 20, 4096


def spelled(text: str) -> dict[str, bytes]:
    """Spellings of a text, each by its name."""
    plain = text.encode()
    found = {
        "utf-8": plain,
        "utf-16-le": text.encode("utf-16-le"),
        "utf-16-be": text.encode("utf-16-be"),
        "gb18030": text.encode("gb18030"),
        "JSON": json.dumps(text)[1:-1].encode(),
        "Python": repr(plain)[2:-1].encode(),
        "URL": quote(text, safe="").encode(),
        "hex": plain.hex().encode(),
    }
    for shift in range(3):
        # whole groups of three bytes in the middle look the same wherever the text begins
        whole = plain[shift : shift + (len(plain) - shift) // 3 * 3]
        found[f"base64 {shift}"] = base64.b64encode(whole)
    return found


def packed(number: str) -> dict[str, bytes]:
    """BCD of a number of odd or even length, high or low nibble first; X is ten."""
    digits = number.upper().replace("X", "a")
    found = {}
    even = {"": digits} if len(digits) % 2 == 0 else {" 0 before": "0" + digits, " f behind": digits + "f"}
    for name, padded in even.items():
        found[f"BCD{name}"] = bytes.fromhex(padded)
        swapped = "".join(padded[place + 1] + padded[place] for place in range(0, len(padded), 2))
        found[f"BCD swapped{name}"] = bytes.fromhex(swapped)
    return found


class Traces:
    """What is known of everybody who was there. `found` says where some of it lies; it names kinds, not people."""

    def __init__(self) -> None:
        self._needles: dict[bytes, str] = {}
        self._patterns: dict[str, re.Pattern[bytes]] = {
            name: re.compile(pattern, re.DOTALL) for name, pattern in FORMATS.items()
        }
        #: what must be gone once a visit is shredded
        self._sealed: dict[bytes, str] = {}

    def know(self, what: str, text: str) -> None:
        """A text of theirs."""
        assert len(text) > 1, what
        if text.isdigit() and len(text) < 8:
            # six digits stand in any hash: only where nothing of its kind is beside them
            pattern = rb"(?<![0-9A-Za-z.])" + text.encode() + rb"(?![0-9A-Za-z])"
            self._patterns[f"{what} {text}"] = re.compile(pattern)
            wide = {text.encode("utf-16-le"), text.encode("utf-16-be")}
            self._needles |= dict.fromkeys(wide, f"{what} as utf-16")
            return
        for name, spelling in spelled(text).items():
            self._needles.setdefault(spelling, f"{what} as {name}")

    def know_number(self, what: str, number: str) -> None:
        """An ID number or a mobile."""
        self.know(what, number)
        self._needles |= {spelling: f"{what} as {name}" for name, spelling in packed(number).items()}

    def know_person(self, person: Mapping[str, str]) -> None:
        """Everything their card and their phone say."""
        self.know("name", person["name"])
        self.know("address", person["address"])
        self.know_number("number", person["number"])
        self.know_number("mobile", person["mobile"])

    def know_code(self, text: str) -> None:
        """A code shown: whole, and the part of it that is secret."""
        self.know("code", text)
        self.know("end of a code", text[-16:])

    def know_photo(self, name: str) -> None:
        """The picture on a card's chip, as it is there and as it is decoded, with or without its header."""
        chip = sam_reader.wlt({"photo": name})
        picture = photo_decoder.decode(chip)
        assert picture is not None and picture[:2] == b"BM"
        self._needles[chip[:64]] = "chip photo"
        self._needles[picture[:26]] = "decoded photo's beginning"
        for row in (40, 63, 86):
            self._needles[picture[54 + row * 308 : 54 + row * 308 + 64]] = "decoded photo"

    def know_sealed(self, kind: str, sealed: bytes) -> None:
        """What is kept sealed for now. Looked for by `found(..., shredded=True)`."""
        if len(sealed) >= 32:
            self._sealed[sealed[:32]] = f"sealed {kind}"

    def found(self, files: Iterable[Path], shredded: bool = False) -> list[str]:
        """Each trace in these files' bytes and names."""
        needles = self._needles | (self._sealed if shredded else {})
        seen = []
        for path in files:
            seen += [f"{path}: {what} in its name" for what in self._in(str(path).encode(), needles)]
            keys = {f'"{key}"'.encode(): f"the key {key}" for key in KEYS} if "/releases/" not in str(path) else {}
            for piece in pieces(path):
                seen += [f"{path}: {what}" for what in self._in(piece, needles | keys)]
        return sorted(set(seen))

    def _in(self, content: bytes, needles: Mapping[bytes, str]) -> Iterator[str]:
        yield from (what for needle, what in needles.items() if needle in content)
        yield from (what for what, pattern in self._patterns.items() if pattern.search(content))


def pieces(path: Path) -> Iterator[bytes]:
    """The file's bytes; nothing of one that has just gone."""
    try:
        with path.open("rb") as file:
            tail = b""
            while piece := file.read(PIECE):
                yield tail + piece
                tail = piece[-OVERLAP:]
    except OSError:
        return
