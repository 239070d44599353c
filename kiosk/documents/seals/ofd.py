"""Seals of an OFD (GB/T 33190-2016 chapter 18): the list of what is sealed, and the seal on that list."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from kiosk.documents.seals.ofd_package import OfdPackage, named, only, resolved, text_of
from kiosk.documents.seals.results import Refusal, Seal
from kiosk.documents.seals.ses import CheckedSeal, check_ses, sm3

#: SM3 as a reference list names it; the standard's default, MD5, is not accepted.
SM3_NAMES = ("1.2.156.10197.1.401", "SM3")
MOST_SEALS = 16
_NUMBER = re.compile(r"-?\d{1,5}(\.\d{1,6})?")


@dataclass(frozen=True)
class Stamp:
    """Where a seal's picture stands: the page's id, and x, y, width, height in millimetres."""

    page: str
    box: tuple[float, float, float, float]
    picture_type: str
    picture: bytes


@dataclass(frozen=True)
class SealedOfd:
    """An OFD whose seals verified: its one document, and what may be read of it."""

    package: OfdPackage
    document: str
    seals: tuple[Seal, ...]
    stamps: tuple[Stamp, ...]


def check_ofd(content: bytes, roots: Sequence[bytes], now: datetime) -> SealedOfd:
    """Every seal, each over every entry but the seals' own. Raises Refusal.

    A document sealed twice is refused unless the first seal's list names what the second added.
    """
    if not roots:
        raise Refusal("no-trust-list")
    package = OfdPackage(content)
    bodies = package.xml("OFD.xml").findall(named("DocBody"))
    if len(bodies) != 1:
        raise Refusal("unsupported", "several documents in one package")
    document = resolved(text_of(bodies[0], "DocRoot"), "OFD.xml")
    if bodies[0].find(named("Signatures")) is None:
        raise Refusal("no-seal")
    listed = resolved(text_of(bodies[0], "Signatures"), "OFD.xml")
    signatures = package.xml(listed).findall(named("Signature"))
    if not signatures:
        raise Refusal("no-seal")
    if len(signatures) > MOST_SEALS:
        raise Refusal("unsupported", "too many seals")
    if any(entry.get("Type", "Seal") != "Seal" for entry in signatures):
        raise Refusal("unsupported", "a signature without a seal")
    paths = [resolved(entry.get("BaseLoc", ""), listed) for entry in signatures]
    if len(set(paths)) != len(paths):
        raise Refusal("not-a-document", "a seal twice")
    opened = [_Signature(package, path) for path in paths]
    #: a seal cannot list itself, nor the file that lists the seals
    own = {listed}.union(*(signature.own for signature in opened))
    checked = [signature.check(own, roots, now) for signature in opened]
    stamps = [stamp for signature, seal in zip(opened, checked, strict=True) for stamp in signature.stamps(seal)]
    return SealedOfd(package, document, tuple(seal.seal for seal in checked), tuple(stamps))


class _Signature:
    """One Signature.xml and the files that belong to it."""

    def __init__(self, package: OfdPackage, path: str) -> None:
        self._package, self._path = package, path
        root = package.xml(path)
        self._info = only(root, "SignedInfo")
        self._value = resolved(text_of(root, "SignedValue"), path)
        seal = self._info.find(named("Seal"))
        self._seal = resolved(text_of(seal, "BaseLoc"), path) if seal is not None else ""

    @property
    def own(self) -> set[str]:
        """What no list of references can hold: itself, its value, and the seal that is in its value too."""
        return {self._path, self._value} | ({self._seal} if self._seal else set())

    def check(self, own: set[str], roots: Sequence[bytes], now: datetime) -> CheckedSeal:
        """Raises Refusal unless the seal is genuine and everything but `own` is as it was sealed."""
        package = self._package
        seal = check_ses(package.read(self._value), package.read(self._path), self._path, roots, now)
        if self._seal and not hmac.compare_digest(package.read(self._seal), seal.der):
            raise Refusal("broken-seal", "another seal beside the one that was set")
        references = only(self._info, "References")
        if references.get("CheckMethod", "MD5") not in SM3_NAMES:
            raise Refusal("unsupported", "CheckMethod")
        covered: set[str] = set()
        for reference in references.findall(named("Reference")):
            path = resolved(reference.get("FileRef", ""), self._path)
            if path in covered:
                raise Refusal("not-a-document", "a reference twice")
            if not hmac.compare_digest(_digest(reference), sm3(package.read(path))):
                raise Refusal("changed", "an entry")
            covered.add(path)
        if package.paths - own - covered:
            raise Refusal("changed", "an entry that was not sealed")
        return seal

    def stamps(self, seal: CheckedSeal) -> list[Stamp]:
        """Where the seal's picture is to be seen. Raises Refusal."""
        found = []
        for stamp in self._info.findall(named("StampAnnot")):
            if stamp.get("Clip"):
                raise Refusal("unsupported", "part of a seal")
            page, numbers = stamp.get("PageRef", ""), stamp.get("Boundary", "").split()
            if len(numbers) != 4 or not all(_NUMBER.fullmatch(number) for number in numbers):
                raise Refusal("not-a-document", "StampAnnot")
            x, y, width, height = map(float, numbers)
            found.append(Stamp(page, (x, y, width, height), seal.picture_type, seal.picture))
        return found


def _digest(reference: etree._Element) -> bytes:
    try:
        return base64.b64decode("".join(text_of(reference, "CheckValue").split()), validate=True)
    except (binascii.Error, ValueError):
        raise Refusal("not-a-document", "CheckValue") from None
