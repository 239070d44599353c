"""tus: uploads go on in the middle, wrong content is refused, other terminals see nothing."""

from __future__ import annotations

import os
import socket
import ssl
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlparse
from uuid import uuid4

import pytest
from tusclient.client import TusClient

from fleet.data_folder import DataFolder
from fleet.database import Database
from fleet.uploads import ABANDONED, LARGEST, UploadStore
from tests.fleet.running_platform import RunningPlatform, TestTerminal
from tests.fleet.sample_cases import begin_upload, offset_of, send_bytes, sha256, upload

SCAN = bytes(range(256)) * 4096  # 1 MiB


def test_tuspy_uploads_in_pieces(
    terminal: TestTerminal, platform: RunningPlatform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # tuspy 1.1 turns a CA path into True for PATCH, so that it can only be told by the environment
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", platform.ca)
    file, case_id = tmp_path / "scan", uuid4()
    file.write_bytes(SCAN)
    assert isinstance(terminal.cert, tuple)
    client = TusClient(f"{platform.url}/api/v1/uploads/", client_cert=terminal.cert)
    metadata = {"sha256": sha256(SCAN), "case_id": str(case_id)}
    begun = client.uploader(str(file), chunk_size=300_000, metadata=metadata)
    begun.upload(stop_at=600_000)
    resumed = client.uploader(str(file), chunk_size=300_000, url=begun.url)
    assert resumed.offset == 600_000
    resumed.upload()
    kept = platform.data / "materials" / sha256(SCAN)[:2] / sha256(SCAN)
    assert kept.read_bytes() == SCAN


def test_the_bytes_before_a_broken_line_are_kept(terminal: TestTerminal, platform: RunningPlatform) -> None:
    content, case_id = SCAN + uuid4().bytes, uuid4()
    location = begin_upload(terminal, case_id, sha256(content), len(content)).headers["Location"]
    break_in_the_middle(terminal, location, content, 400_000)
    stands = offset_of(terminal, location)
    assert 0 < stands <= 400_000
    # the broken request may still be writing its last bytes: ask again after a refusal, as tus says
    for _ in range(10):
        answer = send_bytes(terminal, location, stands, content[stands:])
        if answer.status_code not in (409, 423):
            break
        stands = offset_of(terminal, location)
    assert answer.status_code == 204
    assert int(answer.headers["Upload-Offset"]) == len(content) == offset_of(terminal, location)
    assert (platform.data / "materials" / sha256(content)[:2] / sha256(content)).read_bytes() == content


def break_in_the_middle(terminal: TestTerminal, location: str, content: bytes, sent: int) -> None:
    """Announce all of `content`, send `sent` bytes of it, and cut the line once the platform has some of them.

    nginx gives up what it has not passed on yet when the line breaks, so a cut at once may leave nothing.
    """
    address = urlparse(terminal.platform.url)
    context = ssl.create_default_context(cafile=terminal.platform.ca)
    assert isinstance(terminal.cert, tuple)
    context.load_cert_chain(*terminal.cert)
    head = (
        f"PATCH {location} HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
        f"Content-Type: application/offset+octet-stream\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", address.port or 0), timeout=10) as line:
        secure = context.wrap_socket(line, server_hostname="localhost")
        secure.sendall(head.encode() + content[:sent])
        deadline = time.monotonic() + 30
        while offset_of(terminal, location) == 0 and time.monotonic() < deadline:
            time.sleep(0.05)
        secure.close()


def test_wrong_content_is_refused_and_thrown_away(terminal: TestTerminal, platform: RunningPlatform) -> None:
    digest = sha256(b"announced" + uuid4().bytes)
    location = begin_upload(terminal, uuid4(), digest, 7).headers["Location"]
    assert send_bytes(terminal, location, 0, b"another").status_code == 460
    assert not (platform.data / "materials" / digest[:2] / digest).exists()
    answer = terminal.head(platform.url + location, headers={"Tus-Resumable": "1.0.0"}, timeout=20)
    assert answer.status_code == 404


def test_bytes_at_a_wrong_offset_are_refused(terminal: TestTerminal) -> None:
    content = uuid4().bytes
    location = begin_upload(terminal, uuid4(), sha256(content), len(content)).headers["Location"]
    assert send_bytes(terminal, location, 4, content[4:]).status_code == 409
    assert send_bytes(terminal, location, 0, content[:4]).headers["Upload-Offset"] == "4"
    assert send_bytes(terminal, location, 0, content).status_code == 409
    assert send_bytes(terminal, location, 4, content[4:] + b"more").status_code == 413
    assert offset_of(terminal, location) == 4


def test_another_terminal_cannot_see_or_fill_an_upload(
    terminal: TestTerminal, platform: RunningPlatform, tmp_path: Path
) -> None:
    content = uuid4().bytes
    location = begin_upload(terminal, uuid4(), sha256(content), len(content)).headers["Location"]
    other = TestTerminal(platform, "T-5", tmp_path)
    assert send_bytes(other, location, 0, content).status_code == 404
    head = other.head(platform.url + location, headers={"Tus-Resumable": "1.0.0"}, timeout=20)
    assert head.status_code == 404


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"Upload-Length": str(LARGEST + 1)}, 413),
        ({"Upload-Length": "0"}, 400),
        ({"Upload-Length": "-1"}, 400),
        ({"Upload-Metadata": ""}, 400),
        ({"Upload-Metadata": "sha256 !!!"}, 400),
        ({"Upload-Metadata": "sha256 Li4vLi4vZXRj,case_id Li4v"}, 400),
        ({"Tus-Resumable": "0.2.2"}, 412),
    ],
)
def test_an_upload_that_cannot_be_is_not_begun(terminal: TestTerminal, change: dict[str, str], status: int) -> None:
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "5", "Upload-Metadata": ""} | change
    assert terminal.call("POST", "uploads/", headers=headers).status_code == status


def test_sending_the_same_content_twice_is_no_harm(terminal: TestTerminal) -> None:
    content, case_id = uuid4().bytes, uuid4()
    upload(terminal, case_id, content)
    upload(terminal, case_id, content)


def test_the_server_says_what_it_can(terminal: TestTerminal) -> None:
    answer = terminal.call("OPTIONS", "uploads/")
    assert (answer.headers["Tus-Version"], answer.headers["Tus-Extension"]) == ("1.0.0", "creation")


def test_an_abandoned_upload_is_removed_and_a_fresh_one_stays(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.uploads.mkdir()
    store = UploadStore(Database(folder.database), folder)
    for name, age in (("old", ABANDONED * 1.1), ("fresh", ABANDONED * 0.9)):
        (folder.uploads / name).write_bytes(b"half a paper")
        then = time.time() - age.total_seconds()
        os.utime(folder.uploads / name, (then, then))
    assert store.remove_abandoned(datetime.now(UTC)) == 1
    assert [path.name for path in folder.uploads.iterdir()] == ["fresh"]
