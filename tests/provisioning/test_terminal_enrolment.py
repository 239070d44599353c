"""Enrolment against a real platform: what is written, whom it trusts, and what it refuses."""

from __future__ import annotations

import socketserver
import ssl
import stat
import threading
import tomllib
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import urlparse

import pytest
import requests
from cryptography import x509
from tuf.api.metadata import Metadata, Root

from contract.terminals import SiteRules
from offline_cache.cache import Cache
from offline_cache.settings import Settings
from provisioning.errors import VoucherUnreadable
from provisioning.voucher import Voucher
from tests.fleet.running_platform import LIMIT, RunningPlatform, run_command
from tests.fleet.sample_cases import proof_case
from tests.provisioning.provision_command import enrol, provision


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_enrolment_writes_the_folder_of_a_terminal(platform: RunningPlatform, tmp_path: Path) -> None:
    devices, data = tmp_path / "devices.toml", tmp_path / "terminal"
    devices.write_text('[receipt_printer]\naddress = "tcp://127.0.0.1:1"\n', encoding="utf-8")
    code, content = enrol(platform, data, "T-1", "--devices", str(devices))
    assert (code, content["terminal"]["terminal_id"]) == (0, "T-1")
    settings = tomllib.loads((data / "terminal.toml").read_text(encoding="utf-8"))
    assert settings == {
        "terminal": {
            "id": "T-1",
            "label": "A01",
            "division": "370299",
            "phone": "000-5550100",
            "place": "一楼",
            "hall_zh": "测试大厅",
            "hall_en": "Test hall",
        },
        "fleet": {"url": platform.url},
        "visit": {"card_stays": False, "face_at_login": False, "offline_opens": [], "saved_days": 7},
    }
    # and the terminal understands what was written for it
    assert Settings.load(data).rules.site == SiteRules()
    assert stat.S_IMODE((data / "pki" / "device.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((data / "keys").stat().st_mode) == 0o700
    assert (data / "releases").is_dir()
    assert (data / "devices.toml").read_bytes() == devices.read_bytes()
    assert (data / "pki" / "ca.crt").read_bytes() == Path(platform.ca).read_bytes()
    assert Metadata[Root].from_bytes((data / "trust" / "root.json").read_bytes()).signed.version == 1
    assert not list(data.glob("pki.*"))
    certificate = (str(data / "pki" / "device.crt"), str(data / "pki" / "device.key"))
    answer = requests.get(
        f"{platform.url}/api/v1/terminal", cert=certificate, verify=str(data / "pki" / "ca.crt"), timeout=LIMIT
    )
    assert answer.json()["terminal_id"] == "T-1"


def test_an_enrolled_folder_is_left_alone_unless_again(platform: RunningPlatform, tmp_path: Path) -> None:
    assert enrol(platform, tmp_path, "T-2")[0] == 0
    before = files(tmp_path)
    code, content = enrol(platform, tmp_path, "T-2")
    assert code == 1
    assert "--again" in content["error"]
    assert files(tmp_path) == before
    code, content = enrol(platform, tmp_path, "T-3", "--again")
    assert (code, content["terminal"]["terminal_id"]) == (0, "T-3")
    assert files(tmp_path)["pki/device.key"] != before["pki/device.key"]


def test_a_machine_does_not_take_its_citizens_cases_to_another_terminal(
    platform: RunningPlatform, tmp_path: Path
) -> None:
    assert enrol(platform, tmp_path, "T-2")[0] == 0
    cache = Cache.open(tmp_path)
    cache.outbox.put_case(cache.visits.begin(), proof_case("T-2"))
    cache.close()
    before = (tmp_path / "pki" / "device.crt").read_bytes()
    code, content = enrol(platform, tmp_path, "T-3", "--again")
    assert code == 1
    assert "1 submission(s)" in content["error"]
    assert (tmp_path / "pki" / "device.crt").read_bytes() == before
    assert enrol(platform, tmp_path, "T-2", "--again")[0] == 0


def test_a_used_voucher_is_refused_and_the_old_folder_stays(platform: RunningPlatform, tmp_path: Path) -> None:
    voucher = platform.voucher("T-2")
    arguments = ["--server", platform.url, "--voucher", voucher]
    assert provision("enrol", tmp_path, *arguments)[0] == 0
    before = files(tmp_path)
    code, content = provision("enrol", tmp_path, *arguments, "--again")
    assert code == 1
    assert "has been used" in content["error"]
    assert {path: data for path, data in files(tmp_path).items() if not path.startswith("pki.new")} == before
    code, content = provision("enrol", tmp_path / "other", *arguments)
    assert code == 1
    assert provision("check", tmp_path / "other")[1]["terminal"] is None


def test_a_server_of_another_authority_gets_nothing_secret(platform: RunningPlatform, tmp_path: Path) -> None:
    stranger = another_platform(tmp_path)
    with Listening(stranger) as server:
        code, content = provision(
            "enrol", tmp_path / "terminal", "--server", server.url, "--voucher", platform.voucher("T-2")
        )
    assert code == 1
    assert "fingerprint" in content["error"]
    assert server.asked == ["GET /.well-known/est/cacerts"]
    assert not (tmp_path / "terminal").exists()


def test_a_relay_that_shows_the_right_authority_gets_nothing_secret(platform: RunningPlatform, tmp_path: Path) -> None:
    """The stranger passes on the true CA certificate, but cannot prove itself with it."""
    stranger = another_platform(tmp_path)
    true = requests.get(f"{platform.url}/.well-known/est/cacerts", verify=platform.ca, timeout=LIMIT).content
    with Listening(stranger, true) as server:
        code, content = provision(
            "enrol", tmp_path / "terminal", "--server", server.url, "--voucher", platform.voucher("T-2")
        )
    assert code == 1
    assert "SSLError" in content["error"]
    assert server.asked == ["GET /.well-known/est/cacerts"]


def another_platform(folder: Path) -> Path:
    """A data folder with an authority of its own."""
    assert run_command("init", "--data", str(folder / "stranger"))[0] == 0
    return folder / "stranger"


class Listening:
    """An HTTPS server with a stranger's certificate that notes what it is asked."""

    def __init__(self, data: Path, authority: bytes | None = None) -> None:
        asked: list[str] = []
        body = authority if authority is not None else cacerts_of(data)

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(f"GET {self.path}")
                self.send_response(200)
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                asked.append(f"POST {self.path}")
                self.send_error(500)

            def log_message(self, format: str, *args: object) -> None:
                pass

        class Server(socketserver.ThreadingMixIn, HTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                pass

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(data / "pki" / "server.crt", data / "keys" / "server.key")
        self.asked = asked
        self._server = Server(("127.0.0.1", 0), Answer)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"https://localhost:{self._server.server_address[1]}"

    def __enter__(self) -> Listening:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def cacerts_of(data: Path) -> bytes:
    import base64

    from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

    certificate = x509.load_pem_x509_certificate((data / "pki" / "ca.crt").read_bytes())
    return base64.encodebytes(pkcs7.serialize_certificates([certificate], Encoding.DER))


def test_a_server_that_is_not_there_is_said_plainly(platform: RunningPlatform, tmp_path: Path) -> None:
    voucher = platform.voucher("T-2")
    code, content = provision("enrol", tmp_path / "t", "--server", "https://localhost:1", "--voucher", voucher)
    assert code == 1
    assert "does not answer" in content["error"]
    assert voucher.split(".")[1] not in content["error"]


def test_a_broken_devices_file_stops_before_the_voucher_is_spent(platform: RunningPlatform, tmp_path: Path) -> None:
    devices, voucher = tmp_path / "devices.toml", platform.voucher("T-2")
    devices.write_text("[receipt_printer", encoding="utf-8")
    arguments = ["--server", platform.url, "--voucher", voucher]
    code, content = provision("enrol", tmp_path / "t", *arguments, "--devices", str(devices))
    assert code == 1
    assert "devices file" in content["error"]
    assert provision("enrol", tmp_path / "t", *arguments)[0] == 0


@pytest.mark.parametrize("text", ["", "T-1", "T-1.short.00", "T-1." + "s" * 32 + "." + "g" * 64, "a b.x.y"])
def test_half_a_voucher_is_unreadable(text: str, tmp_path: Path) -> None:
    with pytest.raises(VoucherUnreadable):
        Voucher.read(text)
    assert provision("enrol", tmp_path / "t", "--server", "https://localhost:1", "--voucher", text)[0] == 1


@pytest.mark.parametrize(
    "server", ["http://localhost:1", "localhost:1", "https://", "https://h:x", "https://u@h:1", ""]
)
def test_an_address_that_is_not_https_is_wrong_use(server: str, tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        provision("enrol", tmp_path, "--server", server, "--voucher", "x")
    assert ended.value.code == 2


def test_renewal_fetches_a_later_certificate_for_the_same_key(platform: RunningPlatform, tmp_path: Path) -> None:
    assert enrol(platform, tmp_path, "T-4")[0] == 0
    before = files(tmp_path)
    code, _content = provision("renew", tmp_path)
    assert code == 0
    after = files(tmp_path)
    assert after["pki/device.key"] == before["pki/device.key"]
    old, new = (x509.load_pem_x509_certificate(found["pki/device.crt"]) for found in (before, after))
    assert new.serial_number != old.serial_number
    assert new.not_valid_after_utc >= old.not_valid_after_utc
    assert new.public_key() == old.public_key()
    assert run_command("revoke", "--data", str(platform.data), "--terminal", "T-4")[1]["revoked"] == 2
    code, content = provision("renew", tmp_path)
    assert (code, "403" in content["error"]) == (1, True)
    assert files(tmp_path) == after


def test_renewal_needs_an_enrolled_terminal(tmp_path: Path) -> None:
    code, content = provision("renew", tmp_path)
    assert code == 1
    assert "not an enrolled terminal" in content["error"]


def test_the_servers_port_is_kept_in_the_settings(platform: RunningPlatform, tmp_path: Path) -> None:
    assert enrol(platform, tmp_path, "T-5")[0] == 0
    url = tomllib.loads((tmp_path / "terminal.toml").read_text(encoding="utf-8"))["fleet"]["url"]
    assert urlparse(url).port == urlparse(platform.url).port
