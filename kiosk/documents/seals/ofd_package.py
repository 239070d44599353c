"""The container of an OFD (GB/T 33190-2016): a ZIP that strangers made, opened with limits on everything."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib

from lxml import etree

from kiosk.documents.seals.results import Refusal

#: A certificate has some ten entries and some hundred kilobytes; far more is a mistake or an attack.
MOST_ENTRIES = 512
LARGEST_ENTRY = 16 * 1024 * 1024
LARGEST_TOTAL = 48 * 1024 * 1024
LARGEST_XML = 4 * 1024 * 1024
MOST_ELEMENTS = 50_000
NAMESPACE = "http://www.ofdspec.org/2016"


class OfdPackage:
    """The entries of one OFD by path, without the leading "/". Raises Refusal for a package that is not honest."""

    def __init__(self, content: bytes) -> None:
        if not content.startswith(b"PK\x03\x04"):
            raise Refusal("not-a-document", "no zip")
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                self._entries = _unpacked(archive)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
            raise Refusal("not-a-document", "broken zip") from None

    @property
    def paths(self) -> frozenset[str]:
        """Every entry."""
        return frozenset(self._entries)

    def read(self, path: str) -> bytes:
        """An entry. Raises Refusal where it is missing."""
        try:
            return self._entries[path]
        except KeyError:
            raise Refusal("not-a-document", "an entry is missing") from None

    def xml(self, path: str) -> etree._Element:
        """The root of an XML entry, read without entities, document types and network. Raises Refusal."""
        content = self.read(path)
        if len(content) > LARGEST_XML:
            raise Refusal("not-a-document", "xml too large")
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
            remove_pis=True,
        )  # fmt: skip
        try:
            root = etree.fromstring(content, parser)
        except etree.XMLSyntaxError:
            raise Refusal("not-a-document", "broken xml") from None
        if getattr(root.getroottree().docinfo, "doctype", "") or any(
            element.tag is etree.Entity for element in root.iter()
        ):
            raise Refusal("not-a-document", "document type")
        if sum(1 for _ in root.iter()) > MOST_ELEMENTS:
            raise Refusal("not-a-document", "xml too large")
        return root


def resolved(location: str, base: str) -> str:
    """The path of an entry: `location` as an OFD writes it, in the entry `base`. Raises Refusal outside the package."""
    location = location.strip()
    folder = "" if location.startswith("/") else posixpath.dirname(base)
    path = posixpath.normpath(posixpath.join(folder, location.lstrip("/")))
    if not location.strip("/") or "\\" in location or path.split("/")[0] in ("..", ""):
        raise Refusal("not-a-document", "path")
    return path


def named(tag: str) -> str:
    """An element's name in OFD's namespace."""
    return f"{{{NAMESPACE}}}{tag}"


def only(parent: etree._Element, tag: str) -> etree._Element:
    """The one child called `tag`. Raises Refusal for none, and for two: readers would differ in which they take."""
    found = parent.findall(named(tag))
    if len(found) != 1:
        raise Refusal("not-a-document", f"{len(found)} {tag}")
    return found[0]


def text_of(parent: etree._Element, tag: str) -> str:
    """The text of the one child called `tag`. Raises Refusal."""
    return (only(parent, tag).text or "").strip()


def _unpacked(archive: zipfile.ZipFile) -> dict[str, bytes]:
    infos = archive.infolist()
    if len(infos) > MOST_ENTRIES or sum(info.file_size for info in infos) > LARGEST_TOTAL:
        raise Refusal("not-a-document", "too much in the package")
    entries: dict[str, bytes] = {}
    seen: set[str] = set()
    for info in infos:
        name = info.filename
        if name.endswith("/"):
            continue
        parts = name.split("/")
        if "\\" in name or "\0" in info.orig_filename or any(part in ("", ".", "..") for part in parts):
            raise Refusal("not-a-document", "path")
        if name.casefold() in seen:
            raise Refusal("not-a-document", "an entry twice")
        if info.flag_bits & 0x1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refusal("unsupported", "encrypted or compressed otherwise")
        seen.add(name.casefold())
        entries[name] = _read(archive, info)
    return entries


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as file:
        content = file.read(LARGEST_ENTRY + 1)
    if len(content) > LARGEST_ENTRY or len(content) != info.file_size:
        raise Refusal("not-a-document", "an entry too large")
    return content
