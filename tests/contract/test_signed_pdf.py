"""A signed PDF that was changed, added to, signed by somebody else or too late is told apart from a genuine one."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import PageObject

from contract.signed_pdf import NotGenuine, appearance_pixels, authority, verify
from kiosk.cases.signature_picture import picture
from kiosk.documents.errors import SealError
from kiosk.documents.sealing import FIELD, DeviceKey
from kiosk.documents.typesetting import typeset
from tests.kiosk.documents.device import Device, device_folder

LINE = '#set document(title: "承诺书")\n#set page(paper: "a4")\n我承诺\n= 签名'
HAND = picture((((0.1, 0.2, 0), (0.4, 0.7, 120)),), 3.0)
NOTE = "text " + "0" * 64


@pytest.fixture(scope="module")
def device(tmp_path_factory: pytest.TempPathFactory) -> Device:
    return device_folder(tmp_path_factory.mktemp("city"))


@pytest.fixture(scope="module")
def unsigned() -> bytes:
    return typeset(LINE, "letter", {}, datetime.now(UTC))


@pytest.fixture(scope="module")
def signed(device: Device, unsigned: bytes) -> bytes:
    return DeviceKey(device.pki).seal(unsigned, HAND, NOTE, "示例大厅").pdf


def reason(document: bytes, trust: Path) -> str:
    with pytest.raises(NotGenuine) as refused:
        verify(document, [authority(trust.read_bytes())])
    return refused.value.reason


def test_a_genuine_one_says_who_and_when(device: Device, unsigned: bytes, signed: bytes) -> None:
    [found] = verify(signed, [authority(device.trust.read_bytes())])
    assert (found.signer, found.fingerprint, found.field, found.note) == ("T-1", device.fingerprint, FIELD, NOTE)
    assert abs(datetime.now(UTC) - found.signed_at) < timedelta(minutes=2)
    # what was read is the beginning of what is signed, and the handwriting is in it, dot for dot
    assert signed.startswith(unsigned)
    assert appearance_pixels(signed, FIELD) == HAND.tobytes()


def test_it_is_still_pdf_a_and_holds_the_chain(signed: bytes) -> None:
    with pikepdf.open(io.BytesIO(signed)) as document:
        assert document.open_metadata().pdfa_status == "2B"
        field = document.Root.AcroForm.Fields[0]
        assert (str(field.T), str(field.V.SubFilter)) == (FIELD, "/ETSI.CAdES.detached")
        assert int(document.Root.Perms.DocMDP.Reference[0].TransformParams.P) == 1
        cms = bytes(field.V.Contents)
    assert cms.count(b"Bianmin platform root") >= 2


@pytest.mark.parametrize("where", ["letter", "signature's dictionary", "certificate"])
def test_a_byte_changed(device: Device, unsigned: bytes, signed: bytes, where: str) -> None:
    place = {
        "letter": signed.index(b"stream") + 40,
        "signature's dictionary": signed.index(b"/Reason") + 12,
        # in the key of the certificate: in its dates it would be another refusal
        "certificate": signed.lower().index(device.public_key.hex().encode()) + 60,
    }[where]
    changed = bytearray(signed)
    changed[place] = changed[place] ^ 1 if where != "certificate" else ord("0" if changed[place] != ord("0") else "1")
    assert reason(bytes(changed), device.trust) in ("altered", "bad-signature", "untrusted")


def test_whichever_byte_is_changed(device: Device, signed: bytes) -> None:
    """Whatever byte is changed, it is not genuine or says exactly the same: padding behind the CMS is no content."""
    genuine = verify(signed, [authority(device.trust.read_bytes())])
    for place in range(0, len(signed), 499):
        changed = bytearray(signed)
        changed[place] ^= 1
        try:
            assert verify(bytes(changed), [authority(device.trust.read_bytes())]) == genuine, place
            start = signed.index(b"/Contents <")
            assert start < place < signed.index(b">", start), f"byte {place} is outside the signature's own value"
        except NotGenuine:
            pass


def test_a_page_added_afterwards(device: Device, signed: bytes) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    writer.insert_page(
        PageObject(contents=writer.add_object(generic.StreamObject(stream_data=b"")), media_box=(0, 0, 99, 99))
    )
    added = io.BytesIO()
    writer.write(added)
    assert reason(added.getvalue(), device.trust) == "changed-after"
    assert reason(signed + b"\n% a remark\n", device.trust) == "changed-after"


def test_another_signer(device: Device, unsigned: bytes, tmp_path: Path) -> None:
    other = device_folder(tmp_path)
    document = DeviceKey(other.pki).seal(unsigned, HAND, NOTE, "").pdf
    assert reason(document, device.trust) == "untrusted"


def test_a_certificate_that_had_run_out(tmp_path: Path, unsigned: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    old = device_folder(tmp_path, enrolled_at=datetime.now(UTC) - timedelta(days=9))
    with pytest.raises(SealError, match="expired"):
        DeviceKey(old.pki).seal(unsigned, HAND, NOTE, "")
    kept: list[bytes] = []

    def keep(document: bytes, trusted: object) -> list[object]:
        kept.append(document)
        return verify(document, trusted)  # type: ignore[arg-type,return-value]

    monkeypatch.setattr("kiosk.documents.sealing.verify", keep)
    with pytest.raises(SealError):
        DeviceKey(old.pki).seal(unsigned, HAND, NOTE, "")
    assert reason(kept[0], old.trust) == "expired"


def test_no_signature_and_no_pdf(device: Device, unsigned: bytes) -> None:
    assert reason(unsigned, device.trust) == "not-signed"
    assert reason(b"%PDF-1.7\nnothing", device.trust) == "not-a-pdf"
    assert reason(b"PK\x03\x04", device.trust) == "not-a-pdf"


@pytest.mark.parametrize("cut", [10, 200, 5000])
def test_one_that_was_cut_short(device: Device, signed: bytes, cut: int) -> None:
    assert reason(signed[:-cut], device.trust) in ("not-a-pdf", "not-signed", "altered", "bad-signature")


def test_a_key_or_a_line_that_is_missing_is_told(device: Device, unsigned: bytes, tmp_path: Path) -> None:
    with pytest.raises(SealError, match="no-key"):
        DeviceKey(tmp_path).seal(unsigned, HAND, NOTE, "")
    without = typeset('#set document(title: "x")\n签名', "letter", {}, datetime.now(UTC))
    with pytest.raises(SealError, match="no-line"):
        DeviceKey(device.pki).seal(without, HAND, NOTE, "")


def test_the_command_line(device: Device, unsigned: bytes, signed: bytes, tmp_path: Path) -> None:
    def run(document: bytes, *more: str) -> tuple[int, dict[str, object]]:
        path = tmp_path / "letter.pdf"
        path.write_bytes(document)
        command = [sys.executable, "-m", "kiosk.documents", "verify-pdf", str(path), "--json", *more]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.stderr == ""
        return done.returncode, json.loads(done.stdout)

    code, said = run(signed, "--trust", str(device.trust))
    assert code == 0 and said["covers_whole_document"] is True and said["signatures"][0]["signer"] == "T-1"  # type: ignore[index]
    assert run(unsigned, "--trust", str(device.trust)) == (1, {"reason": "not-signed", "changed": False})
    assert run(signed + b"\n", "--trust", str(device.trust)) == (1, {"reason": "changed-after", "changed": True})
    assert run(signed, "--trust", str(tmp_path / "nowhere.crt"))[0] == 1


def test_any_time_zone_will_do(device: Device, tmp_path: Path) -> None:
    """A terminal set to CST-8, which is no name of a zone, signs all the same, and its moment is right."""
    program = (
        "import sys, datetime, pathlib; from kiosk.documents.sealing import DeviceKey;"
        "from kiosk.documents.typesetting import typeset; from kiosk.cases.signature_picture import picture;"
        "now = datetime.datetime.now(datetime.UTC); pdf = typeset(sys.argv[2], 'letter', {}, now);"
        "signed = DeviceKey(pathlib.Path(sys.argv[1])).seal(pdf, picture((), 3.0), 'x', '');"
        "assert abs(signed.signed_at - now) < datetime.timedelta(minutes=1), signed.signed_at"
    )
    command = [sys.executable, "-c", program, str(device.pki), LINE]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "TZ": "CST-8"})
    assert done.returncode == 0, done.stderr
