"""A whole platform for tests: real nginx, real uvicorn, started by the command operators type."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from pydantic import BaseModel

from fleet.__main__ import main
from tests.fleet.city_workbook import Rows, write_city

#: Seconds a request in a test may take; a healthy one takes 0.05.
LIMIT = 20

WANG = {
    "name": "王示例",
    "number": "37029919920318002X",
    "sex": "女",
    "birth": "19920318",
    "authority": "示例",
}


@dataclass(frozen=True)
class RunningPlatform:
    """Where it is and what it is reached with."""

    data: Path
    url: str
    operator_url: str
    token: str
    people: Path

    @property
    def ca(self) -> str:
        return str(self.data / "pki" / "ca.crt")

    def command(self, name: str, *arguments: str) -> dict[str, object]:
        """A kiosk-fleet command's JSON; it must succeed."""
        code, content = run_command(name, "--data", str(self.data), *arguments)
        assert code == 0, content
        return content

    def voucher(self, terminal_id: str) -> str:
        return str(self.command("voucher", "--terminal", terminal_id)["voucher"])

    def citizen_code(self, *arguments: str) -> str:
        return str(
            self.command("citizen-code", "--people", str(self.people), "--number", WANG["number"], *arguments)["code"]
        )

    def operator(self, path: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        return requests.get(f"{self.operator_url}/operator/v1/{path}", headers=headers, timeout=LIMIT)

    def ask_certificate(self, terminal_id: str, secret: str, request: bytes) -> requests.Response:
        """POST simpleenroll."""
        return requests.post(
            f"{self.url}/.well-known/est/simpleenroll",
            data=base64.b64encode(request),
            auth=(terminal_id, secret),
            verify=self.ca,
            timeout=LIMIT,
        )


class TestTerminal(requests.Session):
    """A terminal with its own certificate."""

    __test__ = False

    def __init__(self, platform: RunningPlatform, terminal_id: str, folder: Path) -> None:
        super().__init__()
        self.platform, self.terminal_id, self.folder = platform, terminal_id, folder
        folder.mkdir(parents=True, exist_ok=True)
        key, request = device_request(terminal_id)
        answer = platform.ask_certificate(terminal_id, platform.voucher(terminal_id).split(".")[1], request)
        assert answer.status_code == 200, answer.text
        certificate = pkcs7.load_der_pkcs7_certificates(base64.b64decode(answer.content))[0]
        (folder / "device.key").write_bytes(private_pem(key))
        (folder / "device.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        (folder / "ca.crt").write_bytes(Path(platform.ca).read_bytes())
        self.certificate = certificate
        self.verify, self.trust_env = platform.ca, False
        self.cert = (str(folder / "device.crt"), str(folder / "device.key"))

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """A request to /api/v1/`path`."""
        return self.request(method, f"{self.platform.url}/api/v1/{path}", timeout=LIMIT, **options)

    def put(self, path: str, message: BaseModel) -> requests.Response:  # type: ignore[override]
        """PUT a message of the contract to /api/v1/`path`."""
        headers = {"Content-Type": "application/json"}
        return self.call("PUT", path, data=message.model_dump_json().encode(), headers=headers)


def device_request(terminal_id: str, curve: ec.EllipticCurve | None = None) -> tuple[ec.EllipticCurvePrivateKey, bytes]:
    """A fresh key and its PKCS#10 request (DER)."""
    key = ec.generate_private_key(curve or ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, terminal_id)])
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    return key, request.public_bytes(serialization.Encoding.DER)


def private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def run_command(*arguments: str) -> tuple[int, dict[str, object]]:
    """A kiosk-fleet command in this process: its exit code and its JSON."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(io.StringIO()):
        code = main([*arguments, "--json"])
    return code, json.loads(output.getvalue())


def make_platform(folder: Path, change: Callable[[Rows], None] | None = None) -> Path:
    """A data folder with release 1 of the small city, after `change`."""
    data = folder / "platform data"  # a space, as operators write
    workbook = write_city(folder / "city", change)
    for command in (
        ("init",),
        ("import", str(workbook)),
        ("release", "--approved-by", "甲", "--approved-by", "乙"),
    ):
        code, content = run_command(*command, "--data", str(data))
        assert code == 0, content
    return data


def running(
    folder: Path, connectors: str = "", change: Callable[[Rows], None] | None = None
) -> Iterator[RunningPlatform]:
    """Make a platform, serve it, and end it; `connectors` is its connectors.toml."""
    data = make_platform(folder, change)
    (data / "connectors.toml").write_text(connectors, encoding="utf-8")
    people = folder / "people.json"
    people.write_text(json.dumps([WANG]), encoding="utf-8")
    with (data / "serve.log").open("w") as log:
        process = start_serving(data, log)
        try:
            yield _described(process, data, people)
        finally:
            process.terminate()
            process.wait(LIMIT)


def start_serving(data: Path, log: IO[str] | None = None) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "fleet", "serve", "--data", str(data)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)


def _described(process: subprocess.Popen[str], data: Path, people: Path) -> RunningPlatform:
    assert process.stdout is not None
    ready = json.loads(process.stdout.readline())
    token = Path(ready["operator_token_file"]).read_text().strip()
    return RunningPlatform(data, ready["url"], ready["operator_url"], token, people)
