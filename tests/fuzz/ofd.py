"""OFD: the package, the seal in it, and a page that is drawn. The first byte of the input says which."""

from __future__ import annotations

import io
import zipfile

from fleet.sample_city.seals.ofd import SIGNATURE, VALUE, page_entries, write_ofd
from kiosk.documents.seals.ofd import SealedOfd, check_ofd
from kiosk.documents.seals.ofd_package import OfdPackage
from kiosk.documents.seals.ofd_pages import OfdPages, Unfaithful
from kiosk.documents.seals.results import Refusal
from kiosk.documents.seals.ses import check_ses
from tests.kiosk.documents.sealing import LINES, NOW, city, good_ofd

DECLARED = (Refusal, Unfaithful)

_ROOTS = city().trust.ofd
with zipfile.ZipFile(io.BytesIO(good_ofd())) as _archive:
    _SIGNATURE, _VALUE = _archive.read(SIGNATURE), _archive.read(VALUE)
_ENTRIES = page_entries(LINES)
_PAGE = "Doc_0/Pages/Page_0/Content.xml"
# small, so that drawing it costs little
_ENTRIES["Doc_0/Document.xml"] = _ENTRIES["Doc_0/Document.xml"].replace(b"0 0 210 297", b"0 0 20 20")
SEEDS = [b"\0" + good_ofd(), b"\1" + _VALUE, b"\2" + _ENTRIES[_PAGE]]


def one_input(data: bytes) -> None:
    """Read what follows the first byte; only the good ones may pass."""
    kind, content = data[:1], data[1:]
    if kind == b"\1":
        check_ses(content, _SIGNATURE, SIGNATURE, _ROOTS, NOW)
        assert content == _VALUE, "a seal nobody set"
    elif kind == b"\2":
        package = OfdPackage(write_ofd({**_ENTRIES, _PAGE: content}))
        list(OfdPages(SealedOfd(package, "Doc_0/Document.xml", (), ())).draw())
    else:
        check_ofd(content, _ROOTS, NOW)
