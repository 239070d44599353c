"""Attack on signed PDFs: a file a terminal sends, or anybody hands in to be checked."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from contract.signed_pdf import NotGenuine, appearance_pixels, authority, verify
from kiosk.cases.signature_picture import picture
from kiosk.documents.sealing import FIELD, DeviceKey
from kiosk.documents.typesetting import typeset
from tests.kiosk.documents.device import device_folder

DECLARED = (NotGenuine,)


def _seeds() -> tuple[list[bytes], bytes]:
    with tempfile.TemporaryDirectory() as folder:
        device = device_folder(Path(folder))
        unsigned = typeset('#set document(title: "x")\n= x', "letter", {}, datetime.now(UTC))
        signed = DeviceKey(device.pki).seal(unsigned, picture((((0.1, 0.2, 0), (0.4, 0.7, 120)),), 3.0), "text", "").pdf
        return [signed, unsigned, signed + b"\n"], device.trust.read_bytes()


SEEDS, _TRUST = _seeds()
_TRUSTED = [authority(_TRUST)]


def one_input(data: bytes) -> None:
    """Refused with a reason, or signed by the only one who can."""
    try:
        appearance_pixels(data, FIELD)
    except NotGenuine as error:
        assert error.reason == "bad-signature"
    found = verify(data, _TRUSTED)
    assert [each.signer for each in found] == ["T-1"]
