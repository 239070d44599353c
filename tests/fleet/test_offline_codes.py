"""Offline codes: read by the standards' own bytes, taken once, false with one byte changed."""

from __future__ import annotations

import time
from pathlib import Path

import base45
import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

import fleet.sample_city
from contract.codes import Assurance
from contract.logins import OFFLINE_PREFIX, OfflineClaim, Refusal
from tests.fleet.logins import WANG_NUMBER, check
from tests.fleet.running_platform import RunningPlatform, TestTerminal, run_command

PEOPLE = str(Path(next(iter(fleet.sample_city.__path__))) / "people.json")


def offline_code(platform: RunningPlatform, *arguments: str) -> str:
    return str(platform.command("offline-code", "--people", PEOPLE, "--number", WANG_NUMBER, *arguments)["code"])


def message_of(code: str) -> bytes:
    return bytes(base45.b45decode(code.removeprefix(OFFLINE_PREFIX)))


def test_a_code_is_a_cwt_in_cose_sign1_as_the_contract_says(platform: RunningPlatform) -> None:
    """Checked by the bytes of RFC 9052 and RFC 8392, not by the code under test."""
    began = int(time.time())
    code = offline_code(platform, "--terminal", "T-1", "--lifetime", "300")
    assert code.startswith("BM1:")
    (key,) = platform.operator("identity-keys").json()
    assert message_of(code)[0] == 0xD2  # tag 18, COSE_Sign1
    protected, unprotected, payload, signature = cbor2.loads(message_of(code)).value
    assert (cbor2.loads(protected), unprotected) == ({1: -8, 4: key["id"].encode()}, {})  # EdDSA, kid
    head = b"\x84\x6aSignature1" + bytes([0x40 + len(protected)]) + protected + b"\x40"
    signed = head + (b"\x58" + bytes([len(payload)])) + payload
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(key["public"])).verify(signature, signed)
    claims = cbor2.loads(payload)
    assert claims[OfflineClaim.EXPIRES] - claims[OfflineClaim.ISSUED] == 300
    assert began <= claims[OfflineClaim.ISSUED] <= time.time()
    assert len(claims[OfflineClaim.ID]) == 16
    said = {claim: claims[claim] for claim in (1, 3, -70001, -70002, -70003, -70004)}
    assert said == {1: "bianmin", 3: "T-1", -70001: "王示例", -70002: WANG_NUMBER, -70003: "女", -70004: "1992-03-18"}
    assert set(claims) == {1, 3, 4, 6, 7, -70001, -70002, -70003, -70004}


def test_the_key_is_not_that_of_certificates(platform: RunningPlatform) -> None:
    keys = [platform.operator(path).json() for path in ("identity-keys", "certificate-keys")]
    assert keys[0] != keys[1]


def test_a_code_is_taken_once(terminal: TestTerminal, platform: RunningPlatform) -> None:
    code = offline_code(platform)
    first = check(terminal, code + "\r\n")
    assert first.person is not None and first.person.number == WANG_NUMBER
    assert first.assurance is Assurance.LOW
    assert check(terminal, code).refused is Refusal.USED


def test_a_code_runs_out(terminal: TestTerminal, platform: RunningPlatform) -> None:
    code = offline_code(platform, "--issued-at", "2026-01-01T08:00:00+08:00", "--lifetime", "600")
    assert cbor2.loads(cbor2.loads(message_of(code)).value[2])[OfflineClaim.ISSUED] == 1767225600
    assert check(terminal, code).refused is Refusal.EXPIRED


def test_a_code_from_the_future_is_none(terminal: TestTerminal, platform: RunningPlatform) -> None:
    assert check(terminal, offline_code(platform, "--issued-at", "2099-01-01T00:00:00Z")).refused is Refusal.UNKNOWN


def test_a_code_for_another_terminal_stays_usable_at_its_own(
    terminal: TestTerminal, second: TestTerminal, platform: RunningPlatform
) -> None:
    code = offline_code(platform, "--terminal", second.terminal_id)
    assert check(terminal, code).refused is Refusal.OTHER_TERMINAL
    assert check(second, code).person is not None


def test_every_changed_byte_is_noticed(terminal: TestTerminal, platform: RunningPlatform) -> None:
    message = message_of(offline_code(platform))
    for position in range(0, len(message), 7):
        changed = bytearray(message)
        changed[position] ^= 0x01
        text = OFFLINE_PREFIX + base45.b45encode(bytes(changed)).decode()
        assert check(terminal, text).refused is Refusal.UNKNOWN, position
    assert check(terminal, OFFLINE_PREFIX + base45.b45encode(message).decode()).person is not None


@pytest.mark.parametrize("text", ["BM1:", "BM1:x", "BM1:not base45 at all!", "BM1:" + "%" * 200, "BM1:6BF", "BM1:汉"])
def test_nonsense_is_unknown(terminal: TestTerminal, text: str) -> None:
    assert check(terminal, text).refused is Refusal.UNKNOWN


def test_a_certificate_code_opens_nothing(terminal: TestTerminal) -> None:
    from tests.fleet.sample_cases import proof_case, put_case

    certificate = put_case(terminal, proof_case()).json()["certificate"]
    assert check(terminal, OFFLINE_PREFIX + certificate["code"]).refused is Refusal.UNKNOWN


def test_a_time_that_is_none_is_said_plainly(platform: RunningPlatform) -> None:
    code, content = run_command(
        *("offline-code", "--data", str(platform.data), "--people", PEOPLE, "--number", WANG_NUMBER),
        *("--issued-at", "yesterday"),
    )
    assert code == 1 and "yesterday is not a time" in str(content["error"])
