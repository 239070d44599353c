"""Offline codes: the genuine one opens, and every other is refused with its reason. Signed with pycose, not by us."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import base45
import cbor2
import pytest

from kiosk.identity.offline_codes import LONGEST_LIFE, SKEW, CodeProblem, read_offline_code
from tests.kiosk.documents.signing import KEY_ID, PUBLIC, signed

KEYS = {KEY_ID: PUBLIC}
NOW = 1_795_242_360
ROOT = Path(__file__).resolve().parents[3]
#: the claims as contract/logins.py writes them down, here as numbers
CLAIMS: dict[int, Any] = {
    1: "海湾市", 4: NOW + 300, 6: NOW, 7: bytes(range(16)),
    -70001: "王示例", -70002: "37029919920318002X", -70003: "女", -70004: "1992-03-18",
}  # fmt: skip


def code(**changed: Any) -> str:
    """`aud=…`, `exp=…` and so on change a claim; None leaves it out."""
    names = {"aud": 3, "exp": 4, "iat": 6, "id": 7, "name": -70001, "number": -70002, "birth": -70004}
    claims = CLAIMS | {names[name]: value for name, value in changed.items()}
    return "BM1:" + base45.b45encode(signed({k: v for k, v in claims.items() if v is not None})).decode()


def reason(text: str, now: float = NOW + 10, terminal: str = "HW-0001", keys: dict[str, bytes] = KEYS) -> str:
    with pytest.raises(CodeProblem) as problem:
        read_offline_code(text, keys, now, terminal)
    assert "王" not in str(problem.value) and "3702" not in str(problem.value)
    return problem.value.reason


def test_a_genuine_code_names_its_holder() -> None:
    read = read_offline_code(code(), KEYS, NOW + 10, "HW-0001")
    assert (read.holder.name, read.holder.number, read.holder.sex) == ("王示例", "37029919920318002X", "女")
    assert (read.issued, read.expires, read.id) == (NOW, NOW + 300, bytes(range(16)))
    assert read_offline_code(code(aud="HW-0001"), KEYS, NOW, "HW-0001").audience == "HW-0001"
    assert "王" not in repr(read) and "3702" not in repr(read)


def test_time() -> None:
    assert reason(code(), now=NOW + 301) == "expired"
    read_offline_code(code(), KEYS, NOW + 300, "HW-0001")
    assert reason(code(), now=NOW - SKEW - 1) == "not-yet-valid"
    read_offline_code(code(), KEYS, NOW - SKEW, "HW-0001")
    # nobody signs a code that lives for days
    assert reason(code(exp=NOW + LONGEST_LIFE + 1)) == "expired"


def test_another_terminal() -> None:
    assert reason(code(aud="HW-0002")) == "other-terminal"
    # an inspector who names no terminal does not judge that
    assert read_offline_code(code(aud="HW-0002"), KEYS, NOW).audience == "HW-0002"


def test_another_signer() -> None:
    assert reason(code(), keys={}) == "unknown-key"
    assert reason(code(), keys={KEY_ID: bytes(32)}) == "bad-signature"


def test_every_changed_byte_is_noticed() -> None:
    genuine = base45.b45decode(code().removeprefix("BM1:"))
    for position in range(len(genuine)):
        for change in (0x01, 0x20, 0x80):
            forged = bytearray(genuine)
            forged[position] ^= change
            assert reason("BM1:" + base45.b45encode(bytes(forged)).decode()) in (
                "bad-signature", "not-a-code", "unknown-key",
            )  # fmt: skip


@pytest.mark.parametrize(
    "changed",
    [{"name": None}, {"name": ""}, {"name": 7}, {"number": "370299199203180021"}, {"number": None}, {"exp": None},
     {"exp": "soon"}, {"exp": True}, {"iat": None}, {"iat": 1.5}, {"id": "text"}, {"id": b""}, {"id": None},
     {"aud": 7}, {"birth": "1992-13-18"}, {"birth": 19920318}],
)  # fmt: skip
def test_a_signed_code_without_its_claims_is_none(changed: dict[str, Any]) -> None:
    assert reason(code(**changed)) == "not-a-code"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not-a-code"),
        ("https://code.example.invalid/jmm/x", "not-a-code"),
        ("BM1:", "not-a-code"),
        ("BM1:%%%", "not-base45"),
        ("bm1:" + "0" * 30, "not-a-code"),
        ("BM1:" + base45.b45encode(cbor2.dumps({1: 2})).decode(), "not-a-code"),
        ("BM1:" + base45.b45encode(signed({4: "x"})).decode(), "not-a-code"),
    ],
)
def test_anything_else_is_no_code(text: str, why: str) -> None:
    assert reason(text) == why


def test_noise_is_refused_and_nothing_else_happens() -> None:
    dice = random.Random(4)
    for _ in range(2000):
        assert reason("BM1:" + base45.b45encode(dice.randbytes(dice.randrange(200))).decode())


# the command line


def verify(*arguments: str) -> tuple[int, dict[str, Any]]:
    command = [sys.executable, "-m", "kiosk.identity", "verify-code", *arguments, "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode in (0, 1), done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return done.returncode, said


KEY = f"{KEY_ID}={PUBLIC.hex()}"
AT = "2026-11-21T14:26:10+08:00"


def test_the_command_says_whose_it_is_and_masks_the_number() -> None:
    status, said = verify(code(), "--key", KEY, "--at", AT)
    assert status == 0 and said["opens"] is True
    assert (said["holder"], said["number"], said["terminal"]) == ("王示例", "3702 **** **** **** 2X", "any")
    assert verify(code(), "--key", PUBLIC.hex(), "--at", AT)[0] == 0


def test_the_command_says_why_not() -> None:
    assert verify("x") == (1, {"opens": False, "reason": "not-a-code"})
    assert verify(code(), "--at", AT) == (1, {"opens": False, "reason": "unknown-key"})
    assert verify(code(), "--key", KEY) == (1, {"opens": False, "reason": "expired"})
    text = code()
    changed = text[:-3] + ("A" if text[-3] != "A" else "B") + text[-2:]
    assert verify(changed, "--key", KEY, "--at", AT)[1]["reason"] in ("bad-signature", "not-a-code", "not-base45")
    assert verify(code(aud="HW-0002"), "--key", KEY, "--at", AT, "--terminal", "HW-0001")[1] == {
        "opens": False, "reason": "other-terminal",
    }  # fmt: skip
    assert verify(code(), "--key", KEY, "--at", "2020-01-01T00:00:00Z")[1]["reason"] == "not-yet-valid"


def test_wrong_use_is_no_traceback(tmp_path: Path) -> None:
    for arguments in (["x", "--key", "zz"], ["x", "--data", str(tmp_path / "nothing")], []):
        done = subprocess.run(
            [sys.executable, "-m", "kiosk.identity", "verify-code", *arguments],
            cwd=ROOT, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert done.returncode == 2 and "Traceback" not in done.stderr, done.stderr
