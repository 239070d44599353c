"""Who may call: vouchers work once, certificates open the API, and nothing else does."""

from __future__ import annotations

import base64
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import requests
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from contract.terminals import TerminalProfile
from fleet.authority import DEVICE_LIFETIME
from tests.fleet.running_platform import LIMIT, RunningPlatform, TestTerminal, device_request, run_command


def test_a_voucher_gives_a_seven_day_certificate_and_names_the_authority(
    platform: RunningPlatform, terminal: TestTerminal
) -> None:
    certificate = terminal.certificate
    assert certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "T-1"
    # the module’s terminal was enrolled when its first test began, minutes ago on a busy machine
    left = certificate.not_valid_after_utc - datetime.now(UTC)
    assert DEVICE_LIFETIME - timedelta(hours=1) < left <= DEVICE_LIFETIME
    answer = requests.get(f"{platform.url}/.well-known/est/cacerts", verify=platform.ca, timeout=LIMIT)
    authority = pkcs7.load_der_pkcs7_certificates(base64.b64decode(answer.content))[0]
    assert platform.voucher("T-2").split(".")[2] == authority.fingerprint(hashes.SHA256()).hex()


def test_the_profile_is_the_certificate_holders(terminal: TestTerminal) -> None:
    profile = TerminalProfile.model_validate_json(terminal.call("GET", "terminal").content)
    assert (profile.terminal_id, profile.label, profile.division) == ("T-1", "A01", "370299")


def test_the_trust_root_is_the_first_root(terminal: TestTerminal, platform: RunningPlatform) -> None:
    first = (platform.data / "releases" / "metadata" / "1.root.json").read_bytes()
    assert terminal.call("GET", "trust-root").content == first


def test_a_voucher_works_once(platform: RunningPlatform) -> None:
    secret = platform.voucher("T-2").split(".")[1]
    assert platform.ask_certificate("T-2", secret, device_request("T-2")[1]).status_code == 200
    again = platform.ask_certificate("T-2", secret, device_request("T-2")[1])
    assert again.status_code == 401
    assert "has been used" in again.json()["detail"]


def test_a_voucher_is_for_its_terminal_only(platform: RunningPlatform) -> None:
    secret = platform.voucher("T-2").split(".")[1]
    assert platform.ask_certificate("T-3", secret, device_request("T-3")[1]).status_code == 401
    assert platform.ask_certificate("T-2", secret, device_request("T-2")[1]).status_code == 200


def test_a_refused_request_does_not_use_the_voucher_up(platform: RunningPlatform) -> None:
    secret = platform.voucher("T-2").split(".")[1]
    weak = device_request("T-2", ec.SECP384R1())[1]
    assert platform.ask_certificate("T-2", secret, weak).status_code == 400
    forged = bytearray(device_request("T-2")[1])
    forged[-1] ^= 1
    assert platform.ask_certificate("T-2", secret, bytes(forged)).status_code == 400
    assert platform.ask_certificate("T-2", secret, b"no request").status_code == 400
    assert platform.ask_certificate("T-2", secret, device_request("T-2")[1]).status_code == 200


def test_a_voucher_runs_out(platform: RunningPlatform) -> None:
    secret = platform.voucher("T-2").split(".")[1]
    with sqlite3.connect(platform.data / "fleet.db", timeout=LIMIT) as database:
        database.execute("update vouchers set expires_at = '2020-01-01 00:00:00.000000' where used_at is null")
    answer = platform.ask_certificate("T-2", secret, device_request("T-2")[1])
    assert answer.status_code == 401
    assert "out of date" in answer.json()["detail"]


def test_the_name_in_the_request_counts_nothing(platform: RunningPlatform) -> None:
    secret = platform.voucher("T-2").split(".")[1]
    answer = platform.ask_certificate("T-2", secret, device_request("T-1")[1])
    certificate = pkcs7.load_der_pkcs7_certificates(base64.b64decode(answer.content))[0]
    assert certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "T-2"


def test_the_secret_is_not_in_the_database(platform: RunningPlatform) -> None:
    secret = platform.voucher("T-2").split(".")[1]
    files = list(platform.data.glob("fleet.db*"))
    assert files
    assert all(secret.encode() not in path.read_bytes() for path in files)


def test_no_voucher_for_a_terminal_that_is_not_in_the_workbook(platform: RunningPlatform) -> None:
    code, content = run_command("voucher", "--data", str(platform.data), "--terminal", "T-99")
    assert code == 1
    assert "no terminal T-99" in str(content["error"])


def test_without_a_certificate_the_api_is_shut_whatever_headers_say(platform: RunningPlatform) -> None:
    serial = {"X-Client-Verify": "SUCCESS", "X-Client-Subject": "CN=T-1", "X-Client-Serial": "01"}
    for method, path in [
        ("GET", "terminal"),
        ("GET", "trust-root"),
        ("POST", "identity/code"),
        ("PUT", "cases/x"),
        ("POST", "uploads/"),
        ("POST", "heartbeats"),
        ("PUT", "ratings/x"),
    ]:
        for headers in ({}, serial):
            url = f"{platform.url}/api/v1/{path}"
            answer = requests.request(method, url, headers=headers, verify=platform.ca, timeout=LIMIT)
            assert answer.status_code == 403


def test_renewal_needs_the_present_certificate(platform: RunningPlatform, tmp_path: Path) -> None:
    renewing = TestTerminal(platform, "T-3", tmp_path)
    url, request = (
        f"{platform.url}/.well-known/est/simplereenroll",
        base64.b64encode(device_request("T-3")[1]),
    )
    assert requests.post(url, data=request, verify=platform.ca, timeout=LIMIT).status_code == 403
    answer = renewing.post(url, data=request, timeout=LIMIT)
    assert answer.status_code == 200
    assert pkcs7.load_der_pkcs7_certificates(base64.b64decode(answer.content))[0] != renewing.certificate


def test_a_revoked_terminal_is_shut_out_at_once(platform: RunningPlatform, tmp_path: Path) -> None:
    stolen = TestTerminal(platform, "T-3", tmp_path)
    assert stolen.call("GET", "terminal").status_code == 200
    assert platform.command("revoke", "--terminal", "T-3")["revoked"] == 1
    assert stolen.call("GET", "terminal").status_code == 403


def test_a_machine_that_takes_a_terminals_place_shuts_the_old_one_out(
    platform: RunningPlatform, tmp_path: Path
) -> None:
    old, new = (
        TestTerminal(platform, "T-3", tmp_path / "old"),
        TestTerminal(platform, "T-3", tmp_path / "new"),
    )
    assert old.call("GET", "terminal").status_code == 403
    assert new.call("GET", "terminal").status_code == 200


def test_a_heartbeat_is_answered_with_the_time_and_shown_to_operators(
    platform: RunningPlatform, terminal: TestTerminal
) -> None:
    beat = {
        "sent_at": datetime.now(UTC).isoformat(),
        "release_version": 1,
        "outbox_waiting": 2,
        "outbox_parked": 0,
        "devices": {"receipt_printer": {"device": "online", "paper": "low"}},
    }
    answer = terminal.call("POST", "heartbeats", json=beat)
    assert abs(datetime.now(UTC) - datetime.fromisoformat(answer.json()["server_time"])) < timedelta(seconds=30)
    shown = {entry["terminal_id"]: entry for entry in platform.operator("terminals").json()}
    assert shown["T-1"]["heartbeat"]["devices"]["receipt_printer"]["paper"] == "low"
    assert shown["T-1"]["certificate_expires_at"] is not None
    assert shown["T-5"]["heartbeat"] is None


def test_operators_need_their_token_and_terminals_do_not_reach_their_side(
    platform: RunningPlatform, terminal: TestTerminal
) -> None:
    for token in ("", "Bearer ", "Bearer wrong", f"Basic {platform.token}"):
        headers = {"Authorization": token} if token else {}
        answer = requests.get(f"{platform.operator_url}/operator/v1/cases", headers=headers, timeout=LIMIT)
        assert answer.status_code == 401
    assert platform.operator("cases").status_code == 200
    headers = {"Authorization": f"Bearer {platform.token}"}
    assert terminal.get(f"{platform.url}/operator/v1/cases", headers=headers, timeout=LIMIT).status_code == 404
    assert requests.get(f"{platform.operator_url}/api/v1/terminal", timeout=LIMIT).status_code == 404
