"""Seals on OFDs, how they are forged, and packages that were built to harm."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from asn1crypto import core

from fleet.sample_city.seals import sm2
from fleet.sample_city.seals.ofd import LIST, SIGNATURE, VALUE, page_entries, sealed_ofd, write_ofd
from fleet.sample_city.seals.ses import OfdSeal, make_seal, sequence, set_seal
from fleet.sample_city.seals.sm2_certificate import certify
from kiosk.documents.seals import checking
from kiosk.documents.seals.ofd import check_ofd
from kiosk.documents.seals.results import Checked, Refusal, SealRefused
from tests.kiosk.documents.sealing import DAY, LINES, NOW, city, good_ofd, seal_of

Entries = dict[str, bytes]
PAGE = "Doc_0/Pages/Page_0/Content.xml"


def entries() -> Entries:
    with zipfile.ZipFile(io.BytesIO(good_ofd())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def refused(content: bytes) -> str:
    with pytest.raises(Refusal) as refusal:
        check_ofd(content, city().trust.ofd, NOW)
    return refusal.value.reason


def test_a_good_seal_says_who_and_when_and_the_page_is_drawn() -> None:
    checked = checking.check(good_ofd(), city().trust, NOW)
    assert isinstance(checked, Checked)
    (seal,) = checked.seals
    assert (seal.signer, seal.signed_at, seal.covers) == ("海湾市政务服务专用章（示例）", NOW, "document")
    assert "王示例" in checked.text
    assert checked.unprintable == "" and checked.printable.startswith(b"%PDF-")


def change_text(found: Entries) -> Entries:
    return {**found, PAGE: found[PAGE].replace("王示例".encode(), "李样本".encode())}


def change_text_and_list(found: Entries) -> Entries:
    """The list is made to fit the changed text; the seal was set on another list."""
    changed = change_text(found)
    old, new = (base64.b64encode(sm2.sm3(part[PAGE])) for part in (found, changed))
    return {**changed, SIGNATURE: changed[SIGNATURE].replace(old, new)}


def drop_a_reference(found: Entries) -> Entries:
    pattern = rb'<ofd:Reference FileRef="/%s">.*?</ofd:Reference>' % re.escape(PAGE.encode())
    return {**found, SIGNATURE: re.sub(pattern, b"", found[SIGNATURE])}


def swap_the_seal(found: Entries) -> Entries:
    """Another document's seal by the same department."""
    other = sealed_ofd(page_entries([(30, 30, 5, "另一份")]), city().seal, NOW)
    with zipfile.ZipFile(io.BytesIO(other)) as archive:
        return {**found, VALUE: archive.read(VALUE)}


def add_an_entry(found: Entries) -> Entries:
    return {**found, "Doc_0/Res/more.png": b"\x89PNG"}


def move_the_stamp(found: Entries) -> Entries:
    return {**found, SIGNATURE: found[SIGNATURE].replace(b'Boundary="145', b'Boundary="20')}


@pytest.mark.parametrize(
    "attack", [change_text, change_text_and_list, drop_a_reference, swap_the_seal, add_an_entry, move_the_stamp]
)
def test_what_was_changed_is_refused(attack: Callable[[Entries], Entries]) -> None:
    assert refused(write_ofd(attack(entries()))) == "changed"


def test_a_list_that_leaves_something_out_though_it_is_sealed() -> None:
    """The department itself sealed too little: a page anybody may change is not a sealed page."""
    partly = {name: content for name, content in page_entries(LINES).items() if name != PAGE}
    with zipfile.ZipFile(io.BytesIO(sealed_ofd(partly, city().seal, NOW))) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    assert refused(write_ofd({**found, PAGE: page_entries(LINES)[PAGE]})) == "changed"


def test_another_citys_seal() -> None:
    assert refused(sealed_ofd(page_entries(LINES), city("second").seal, NOW)) == "unknown-signer"
    with pytest.raises(Refusal) as refusal:
        check_ofd(good_ofd(), [], NOW)
    assert refusal.value.reason == "no-trust-list"


def test_a_seal_set_by_somebody_it_was_not_made_for() -> None:
    """The picture of one department under the key of another that is trusted too."""
    keys = city().keys
    other = certify("另一部门", 12345, NOW - DAY, NOW + DAY, keys.ofd_authority)
    borrowed = type(city().seal)(city().seal.der, other, 38, 38)
    assert refused(sealed_ofd(page_entries(LINES), borrowed, NOW)) == "broken-seal"


def test_a_seal_nobody_trusted_made() -> None:
    keys = city().keys
    own_maker = city("second").keys.ofd_authority
    forged = make_seal("假章", b"\x89PNG", 38, keys.ofd, own_maker, NOW - DAY, NOW + DAY)
    assert refused(sealed_ofd(page_entries(LINES), forged, NOW)) == "unknown-signer"


@pytest.mark.parametrize(("begins", "ends"), [(-9 * DAY, -DAY), (DAY, 9 * DAY)])
def test_a_seal_that_did_not_hold_then(begins: timedelta, ends: timedelta) -> None:
    seal = seal_of(city().keys, NOW + begins, NOW + ends)
    assert refused(sealed_ofd(page_entries(LINES), seal, NOW)) == "not-valid-then"


def test_a_signers_certificate_that_did_not_hold_then() -> None:
    keys = city().keys
    old = certify("海湾市旧章", 999, NOW - 9 * DAY, NOW - DAY, keys.ofd_authority)
    seal = make_seal("旧章", b"\x89PNG", 38, old, keys.ofd_authority, NOW - 9 * DAY, NOW + DAY)
    assert refused(sealed_ofd(page_entries(LINES), seal, NOW)) == "not-valid-then"


def test_a_seal_of_tomorrow() -> None:
    assert refused(sealed_ofd(page_entries(LINES), city().seal, NOW + timedelta(hours=3))) == "in-future"


def test_an_authority_does_not_seal_itself() -> None:
    keys = city().keys
    seal = make_seal("根", b"\x89PNG", 38, keys.ofd_authority, keys.ofd_authority, NOW - DAY, NOW + DAY)
    assert refused(sealed_ofd(page_entries(LINES), seal, NOW)) == "unknown-signer"


def test_no_seal() -> None:
    assert refused(write_ofd(page_entries(LINES, sealed=False))) == "no-seal"


def test_md5_and_signatures_without_a_seal_are_not_taken_for_good() -> None:
    found = entries()
    signature = found[SIGNATURE].replace(b' CheckMethod="1.2.156.10197.1.401"', b"")
    value = set_seal(city().seal, signature, f"/{SIGNATURE}", NOW)
    assert refused(write_ofd({**found, SIGNATURE: signature, VALUE: value})) == "unsupported"
    listed = found[LIST].replace(b'Type="Seal"', b'Type="Sign"')
    assert refused(write_ofd({**found, LIST: listed})) == "unsupported"


def test_every_changed_byte_of_the_seal_is_noticed() -> None:
    found = entries()
    value = found[VALUE]
    for place in range(0, len(value), max(1, len(value) // 150)):
        changed = bytearray(value)
        changed[place] ^= 0x01
        with pytest.raises(Refusal):
            check_ofd(write_ofd({**found, VALUE: bytes(changed)}), city().trust.ofd, NOW)


# packages built to harm


@pytest.mark.parametrize("part", [0.02, 0.5, 0.9, 0.999])
def test_a_package_that_was_cut_off(part: float) -> None:
    assert refused(good_ofd()[: int(len(good_ofd()) * part)]) == "not-a-document"


def test_a_zip_bomb_is_not_unpacked() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("OFD.xml", bytes(200 * 1024 * 1024))
    assert len(file.getvalue()) < 300_000
    assert refused(file.getvalue()) == "not-a-document"


def test_a_bomb_that_lies_about_its_size() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("OFD.xml", bytes(30 * 1024 * 1024))
    content = file.getvalue().replace((30 * 1024 * 1024).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert refused(content) == "not-a-document"


def test_too_many_entries() -> None:
    assert refused(write_ofd({f"{number}.xml": b"" for number in range(600)})) == "not-a-document"


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + step, b"&%c;" % (97 + step) * 10) for step in range(9)
)


@pytest.mark.parametrize(
    "text",
    [
        BOMB + b']><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016">&j;</ofd:OFD>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>',
        b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><x>&f;</x>',
        b"<x>" * 100_000,
        b"<x" + b"/>" * 3,
        b"",
        b"\xff\xfe<\0x\0",
        b"<x>" + b"<y/>" * 60_000 + b"</x>",
    ],
    ids=["bomb", "dtd", "file", "deep", "broken", "empty", "utf-16", "wide"],
)
def test_xml_built_to_harm(text: bytes) -> None:
    assert refused(write_ofd({**entries(), "OFD.xml": text})) == "not-a-document"


@pytest.mark.parametrize("name", ["../out.xml", "/etc/out.xml", "a/../../out.xml", "a\\..\\out.xml", "a//b", "./a"])
def test_entries_that_lead_outside(name: str) -> None:
    assert refused(write_ofd({**entries(), name: b"x"})) == "not-a-document"


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ["OFD.xml", "ofd.XML", PAGE])
def test_an_entry_twice(name: str) -> None:
    """Readers differ in which of two they take."""
    file = io.BytesIO(good_ofd())
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(name, b"<x/>")
    assert refused(file.getvalue()) == "not-a-document"


@pytest.mark.parametrize("location", ["../../etc/passwd", "/../OFD.xml", "", "a\\b", "/"])
def test_locations_that_lead_outside(location: str) -> None:
    found = entries()
    root = found["OFD.xml"].replace(f"/{LIST}".encode(), location.encode())
    assert refused(write_ofd({**found, "OFD.xml": root})) == "not-a-document"


def test_a_program_before_the_package() -> None:
    assert refused(b"#!/bin/sh\n" + good_ofd()) == "not-a-document"


def with_second_seal(seal: OfdSeal) -> bytes:
    """The good document with another seal, set later, whose list leaves out only the seals' own files."""
    found, second = entries(), "Doc_0/Signs/Sign_1/"
    signature = found[SIGNATURE].replace(b"Sign_0", b"Sign_1")
    listed = found[LIST].replace(
        b"</ofd:Signatures>", f'<ofd:Signature ID="2" BaseLoc="/{second}Signature.xml"/></ofd:Signatures>'.encode()
    )
    value = set_seal(seal, signature, f"/{second}Signature.xml", NOW)
    more = {LIST: listed, f"{second}Signature.xml": signature, f"{second}SignedValue.dat": value}
    return write_ofd({**found, **more})


def test_two_seals_are_both_verified() -> None:
    assert len(check_ofd(with_second_seal(city().seal), city().trust.ofd, NOW).seals) == 2
    assert refused(with_second_seal(city("second").seal)) == "unknown-signer"


def test_a_seal_of_the_standard_before_is_not_taken_for_good() -> None:
    """GM/T 0031-2014: two parts, the certificate among what is signed."""
    found = entries()
    old = bytes(sequence(sequence(core.Integer(1)), core.OctetBitString(bytes(70))).dump())
    assert refused(write_ofd({**found, VALUE: old})) == "unsupported"


def test_a_worker_that_dies_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    assert checking.check(good_ofd(), city().trust, NOW) == SealRefused("worker-died")
    assert checking.preview(b"%PDF-") == b""
