"""Certificate codes: genuine as issued, false with one byte changed; checked by the standard's own bytes."""

from __future__ import annotations

import base45
import cbor2
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.cases import CaseAnswer
from contract.certificates import Certificate
from contract.releases import CertificateKey
from fleet.certificates import masked, read_code
from tests.fleet.city_workbook import PROOF
from tests.fleet.running_platform import LIMIT, RunningPlatform, TestTerminal
from tests.fleet.sample_cases import proof_case, put_case


def cose_like() -> st.SearchStrategy[bytes]:
    """Messages of the right outer form with anything inside."""
    anything = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=8),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.integers(0, 6), inner, max_size=4),
        max_leaves=8,
    )
    header = st.just(cbor2.dumps({1: -8, 4: b"0" * 16}))
    parts = st.tuples(header | anything, anything, anything, st.binary(min_size=64, max_size=64) | anything)
    return (parts | anything).map(lambda inside: cbor2.dumps(cbor2.CBORTag(18, inside)))


@pytest.fixture(scope="module")
def certificate(terminal: TestTerminal) -> Certificate:
    answer = CaseAnswer.model_validate_json(put_case(terminal, proof_case()).content)
    assert answer.certificate is not None
    return answer.certificate


@pytest.fixture(scope="module")
def keys(platform: RunningPlatform) -> list[CertificateKey]:
    return [CertificateKey.model_validate(key) for key in platform.operator("certificate-keys").json()]


def changed(code: str, position: int) -> str:
    """The code with one byte of its COSE message changed."""
    message = bytearray(base45.b45decode(code))
    message[position] ^= 0x01
    return base45.b45encode(bytes(message)).decode()


def test_a_code_is_cose_sign1_as_the_contract_says(certificate: Certificate, keys: list[CertificateKey]) -> None:
    """Checked by the bytes of RFC 9052, not by the code under test."""
    message = base45.b45decode(certificate.code)
    assert message[0] == 0xD2  # tag 18, COSE_Sign1
    protected, unprotected, payload, signature = cbor2.loads(message).value
    assert cbor2.loads(protected) == {1: -8, 4: keys[0].id.encode()}  # alg EdDSA, kid
    assert unprotected == {}
    signed = b"\x84" + b"\x6aSignature1" + byte_string(protected) + byte_string(b"") + byte_string(payload)
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(keys[0].public)).verify(signature, signed)
    assert cbor2.loads(payload) == {
        1: certificate.number,
        2: PROOF,
        3: "李样本",
        4: "3702**********0018",
        5: int(certificate.issued_at.timestamp()),
        6: "海湾市人力资源和社会保障局",
    }


def byte_string(content: bytes) -> bytes:
    """A CBOR byte string of fewer than 256 bytes."""
    return (bytes([0x40 + len(content)]) if len(content) < 24 else bytes([0x58, len(content)])) + content


def test_every_single_changed_byte_is_noticed(certificate: Certificate, keys: list[CertificateKey]) -> None:
    assert read_code(certificate.code, keys) is not None
    for position in range(len(base45.b45decode(certificate.code))):
        assert read_code(changed(certificate.code, position), keys) is None, position


def test_another_key_is_not_enough(certificate: Certificate, keys: list[CertificateKey]) -> None:
    assert read_code(certificate.code, [keys[0].model_copy(update={"public": "00" * 32})]) is None
    assert read_code(certificate.code, [keys[0].model_copy(update={"id": "0" * 16})]) is None
    assert read_code(certificate.code, []) is None


@pytest.mark.parametrize("code", ["", "x", "not base45 at all!", "QR", "6BF", "%" * 200, "0" * 300])
def test_nonsense_is_no_code(code: str, keys: list[CertificateKey]) -> None:
    assert read_code(code, keys) is None


@given(content=st.binary(max_size=80) | cose_like())
@settings(max_examples=400, deadline=None)
def test_no_message_of_a_stranger_breaks_the_reader(content: bytes) -> None:
    stranger = CertificateKey(id="0" * 16, public="00" * 32)
    assert read_code(base45.b45encode(content).decode(), [stranger]) is None


def test_anybody_may_ask_the_page(certificate: Certificate, platform: RunningPlatform) -> None:
    def ask(code: str) -> requests.Response:
        return requests.get(f"{platform.url}/verify", params={"code": code}, verify=platform.ca, timeout=LIMIT)

    genuine, false = ask(certificate.code), ask(changed(certificate.code, -1))
    assert genuine.status_code == false.status_code == 200
    assert "Genuine" in genuine.text and certificate.number in genuine.text
    assert "Not genuine" in false.text and certificate.number not in false.text
    assert "default-src 'none'" in genuine.headers["Content-Security-Policy"]
    assert "<script>" not in ask("<script>alert(1)</script>").text
    logs = "".join(path.read_text() for path in (platform.data / "nginx").glob("*.log"))
    assert "GET /verify" in logs and certificate.code[:20] not in logs


def test_operators_find_a_certificate_by_its_number(certificate: Certificate, platform: RunningPlatform) -> None:
    found = platform.operator(f"certificates/{certificate.number}")
    assert found.json()["code"] == certificate.code
    assert platform.operator("certificates/CB-26-999999").status_code == 404


@pytest.mark.parametrize(
    ("number", "shown"), [("370299198506070018", "3702**********0018"), ("12345678", "********"), ("", "")]
)
def test_numbers_are_masked(number: str, shown: str) -> None:
    assert masked(number) == shown
