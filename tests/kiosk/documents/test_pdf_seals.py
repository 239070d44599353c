"""Seals on PDFs: the good one, and every way one is not good."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from fleet.sample_city.seals.keys import SampleKeys, pdf_certificate
from fleet.sample_city.seals.pdf import plain_pdf, seal_pdf
from fleet.sample_city.seals.picture import seal_picture
from kiosk.documents.seals import checking
from kiosk.documents.seals.pdf import check_pdf
from kiosk.documents.seals.results import Checked, Refusal, SealRefused
from kiosk.documents.seals.trust import TrustList
from tests.kiosk.documents.sealing import CONTENT, DAY, NOW, city, good_pdf


def now() -> datetime:
    """PDFs are sealed at their own moment, and checked at this one: the file may have been read long before."""
    return datetime.now(UTC)


def refused(content: bytes, trust: TrustList | None = None) -> str:
    with pytest.raises(Refusal) as refusal:
        check_pdf(content, (trust or city().trust).pdf, now())
    return refusal.value.reason


def test_a_good_seal_says_who_when_and_what() -> None:
    checked = checking.check(good_pdf(), city().trust, now())
    assert isinstance(checked, Checked)
    (seal,) = checked.seals
    assert (seal.signer, seal.covers, seal.timestamped) == ("海湾市政务服务专用章（示例）", "document", False)
    assert abs(seal.signed_at - now()) < timedelta(hours=1)
    assert checked.printable == good_pdf() and checked.pages == 1
    assert "王示例" in checked.text and "3702**********002X" in checked.text
    assert checked.preview.startswith(b"\xff\xd8")
    assert "王示例" not in repr(checked)


def test_no_seal_and_no_trust() -> None:
    assert refused(plain_pdf(CONTENT, NOW)) == "no-seal"
    assert refused(good_pdf(), TrustList()) == "no-trust-list"
    assert refused(good_pdf(), city("second").trust) == "unknown-signer"


@pytest.mark.parametrize("part", [0.1, 0.5, 0.99])
def test_a_cut_off_file(part: float) -> None:
    content = good_pdf()
    assert refused(content[: int(len(content) * part)]) in ("not-a-document", "no-seal", "broken-seal", "changed")


def test_every_changed_byte_is_noticed() -> None:
    """One byte in some hundred places all over the file; none may pass."""
    content = good_pdf()
    for place in range(8, len(content), len(content) // 120):
        changed = bytearray(content)
        changed[place] ^= 0x01
        with pytest.raises(Refusal):
            check_pdf(bytes(changed), city().trust.pdf, now())


def test_an_update_after_the_seal() -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(good_pdf()))
    page = writer.root["/Pages"]["/Kids"][0]
    stream = generic.StreamObject(stream_data=b"1 0 0 rg 100 100 200 200 re f")
    page["/Contents"] = generic.ArrayObject([page.raw_get("/Contents"), writer.add_object(stream)])
    writer.update_container(page)
    output = io.BytesIO()
    writer.write(output)
    assert refused(output.getvalue()) == "changed"


def test_bytes_after_the_end() -> None:
    assert refused(good_pdf() + b"\n% more\n%%EOF\n") in ("changed", "not-a-document")


def test_a_file_written_anew_has_lost_its_seal() -> None:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(good_pdf())) as document:
        document.save(output)
    assert refused(output.getvalue()) in ("changed", "broken-seal", "not-a-document")


def test_a_second_seal_by_a_stranger_spoils_the_first() -> None:
    unlocked = seal_pdf(plain_pdf(CONTENT, NOW), city("second").keys, seal_picture())
    assert refused(unlocked) == "unknown-signer"


def department(**dates: timedelta) -> SampleKeys:
    """Another department under the first city's authority, its certificate valid at other times."""
    authority = ec.generate_private_key(ec.SECP256R1())
    root = pdf_certificate("另一示例根", authority, NOW - 99 * DAY, NOW + 99 * DAY)
    key = ec.generate_private_key(ec.SECP256R1())
    made = pdf_certificate("示例章", key, NOW + dates["begins"], NOW + dates["ends"], (authority, root))
    return replace(
        city().keys,
        pdf_key=key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        pdf_certificate=made.public_bytes(Encoding.PEM),
        pdf_authority=root.public_bytes(Encoding.DER),
    )


@pytest.mark.parametrize(("begins", "ends"), [(-9 * DAY, -DAY), (DAY, 9 * DAY)])
def test_a_certificate_that_did_not_hold_when_it_was_sealed(begins: timedelta, ends: timedelta) -> None:
    keys = department(begins=begins, ends=ends)
    content = seal_pdf(plain_pdf(CONTENT, NOW), keys, seal_picture())
    assert refused(content, TrustList((keys.pdf_authority,))) == "not-valid-then"


def test_a_certificate_that_ran_out_after_it_was_sealed() -> None:
    keys = department(begins=-9 * DAY, ends=DAY)
    content = seal_pdf(plain_pdf(CONTENT, NOW), keys, seal_picture())
    assert check_pdf(content, [keys.pdf_authority], NOW + 30 * DAY)


def test_a_seal_of_tomorrow() -> None:
    with pytest.raises(Refusal) as refusal:
        check_pdf(good_pdf(), city().trust.pdf, NOW - DAY)
    assert refusal.value.reason == "in-future"


def test_a_key_that_is_not_the_certificates() -> None:
    stranger = city("second").keys
    load_pem_private_key(stranger.pdf_key, None)
    forged = replace(city().keys, pdf_key=stranger.pdf_key)
    assert refused(seal_pdf(plain_pdf(CONTENT, NOW), forged, seal_picture())) == "broken-seal"


@pytest.mark.parametrize("content", [b"", b"%PDF-", b"%PDF-1.7\n" + b"\0" * 999, b"hello", b"<html>"])
def test_what_is_no_document(content: bytes) -> None:
    answer = checking.check(content, city().trust, now())
    assert answer == SealRefused("not-a-document", answer.detail if isinstance(answer, SealRefused) else "")


def test_a_document_that_is_too_long_is_not_looked_at() -> None:
    assert checking.check(b"%PDF-" + bytes(checking.LARGEST), city().trust, now()) == SealRefused("too-large")
