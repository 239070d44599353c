"""Pages from a phone to one terminal: over real HTTP, in a real browser, and everything that must be refused."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pikepdf
import pytest
import requests
from PIL import Image
from selenium.webdriver.common.by import By

from contract.model import Words
from contract.phone_uploads import LARGEST_FILE, LARGEST_SET, UploadStage, UploadState, UploadTicket, UploadTicketKept
from contract.upload_keys import DoesNotOpen, UploadKey
from fleet.api.multipart import files_of
from fleet.data_folder import DataFolder
from fleet.identity.forgetting import forget
from fleet.platform import Platform
from tests.fleet.browser import Browser, open_browser
from tests.fleet.running_platform import LIMIT, RunningPlatform, TestTerminal


def jpeg(size: tuple[int, int] = (600, 800)) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", size, "white").save(data, "JPEG")
    return data.getvalue()


def pdf() -> bytes:
    data = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(data)
    return data.getvalue()


@pytest.fixture
def key() -> UploadKey:
    return UploadKey.new()


def ticket(terminal: TestTerminal, key: UploadKey, most: int = 5) -> str:
    """The address in the QR code."""
    wanted = UploadTicket(
        visit=uuid4(), material_id="lease", material=Words(zh="租赁合同", en="Lease"), most_files=most
    )
    said = terminal.put(f"phone-uploads/{key.lookup}", wanted)
    assert said.status_code == 200, said.text
    kept = UploadTicketKept.model_validate_json(said.content)
    assert kept.expires_in == 600
    return f"{kept.page}?k={key.text}"


def send(platform: RunningPlatform, address: str, *files: bytes, name: str = "a.jpg") -> requests.Response:
    return requests.post(
        address, files=[("files", (name, content)) for content in files], verify=platform.ca, timeout=LIMIT
    )


def state(terminal: TestTerminal, key: UploadKey) -> UploadState:
    said = terminal.call("GET", f"phone-uploads/{key.lookup}")
    assert said.status_code == 200, said.text
    return UploadState.model_validate_json(said.content)


def rows(platform: RunningPlatform, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(platform.data / "fleet.db", timeout=20)) as database:
        found = database.execute(statement).fetchall()
        database.commit()
    return found


def test_from_the_phone_to_the_terminal_that_asked(
    terminal: TestTerminal, second: TestTerminal, platform: RunningPlatform, key: UploadKey
) -> None:
    address = ticket(terminal, key)
    assert state(terminal, key).stage is UploadStage.WAITING
    page = requests.get(address, verify=platform.ca, timeout=LIMIT)
    assert "传“租赁合同”" in page.text and "Lease" in page.text and "<script" not in page.text
    assert not page.cookies and page.headers["Referrer-Policy"] == "no-referrer"
    assert state(terminal, key).stage is UploadStage.OPENED
    sent = [jpeg(), pdf()]
    assert "传好了，2 个" in send(platform, address, *sent).text
    assert state(terminal, key) == UploadState(stage=UploadStage.SENT, files=2)
    fetched = [terminal.call("GET", f"phone-uploads/{key.lookup}/{number}").content for number in range(2)]
    assert [key.open(content, number) for number, content in enumerate(fetched)] == sent
    with pytest.raises(DoesNotOpen):
        key.open(fetched[1], 0)
    for path in ("", "/0"):
        assert second.call("GET", f"phone-uploads/{key.lookup}{path}").status_code == 404, "another terminal's"
    assert second.call("DELETE", f"phone-uploads/{key.lookup}").status_code == 204
    assert state(terminal, key).files == 2, "nobody else deletes it"
    assert terminal.call("DELETE", f"phone-uploads/{key.lookup}").status_code == 204
    assert terminal.call("GET", f"phone-uploads/{key.lookup}/0").status_code == 404
    assert rows(platform, "select count(*) from phone_files") == [(0,)]
    again = send(platform, address, jpeg())
    assert again.status_code == 410 and "已经用过了" in again.text and "used already" in again.text
    assert "已经用过了" in requests.get(address, verify=platform.ca, timeout=LIMIT).text


def test_neither_database_nor_log_says_anything(
    terminal: TestTerminal, platform: RunningPlatform, key: UploadKey
) -> None:
    content = jpeg()
    send(platform, ticket(terminal, key), content)
    table = repr(rows(platform, "select *, hex(sealed) from phone_uploads join phone_files using (lookup_sha256)"))
    logs = "".join(path.read_text("utf-8") for path in platform.data.rglob("*.log"))
    for secret in (key.text, key.lookup, content[:64].hex().upper()):
        assert secret not in table
    assert key.text not in logs and "POST /upload 200" in logs


def test_nothing_touches_the_disk_before_it_is_sealed(
    terminal: TestTerminal, platform: RunningPlatform, key: UploadKey
) -> None:
    bodies = platform.data / "nginx" / "body"
    before = bodies.stat().st_mtime_ns
    assert "传好了" in send(platform, ticket(terminal, key), b"\xff\xd8\xff" + bytes(LARGEST_FILE - 1000)).text
    assert bodies.stat().st_mtime_ns == before, "nginx has put the body into a file"


def test_a_new_ticket_takes_the_place_of_the_last(
    terminal: TestTerminal, platform: RunningPlatform, key: UploadKey
) -> None:
    first, other = ticket(terminal, key), UploadKey.new()
    send(platform, first, jpeg())
    ticket(terminal, other)
    assert terminal.call("GET", f"phone-uploads/{key.lookup}").status_code == 404
    assert "没有这个码" in send(platform, first, jpeg()).text
    assert rows(platform, "select count(*) from phone_files") == [(0,)]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([], "还没有选"),
        ([jpeg()] * 3, "最多 2 个"),
        ([jpeg()] * 15, "最多 2 个"),
        ([jpeg(), b"GIF89a" + bytes(99)], "第 2 个不是照片"),
        ([b"MZ" + jpeg()], "第 1 个不是照片"),
        ([b"\n%PDF-1.7 and a zip behind PK\x03\x04"], "第 1 个不是照片"),
        ([b"<svg xmlns='http://www.w3.org/2000/svg'/>"], "第 1 个不是照片"),
        ([b"\xff\xd8\xff" + bytes(LARGEST_FILE)], "第 1 个太大"),
    ],
    ids=["none", "too-many", "far-too-many", "gif", "program", "pdf-not-first", "svg", "large"],
)
def test_what_is_refused_is_told_and_can_be_sent_again(
    files: list[bytes], words: str, terminal: TestTerminal, platform: RunningPlatform, key: UploadKey
) -> None:
    address = ticket(terminal, key, most=2)
    said = send(platform, address, *files)
    assert said.status_code == 400 and words in said.text and 'lang="en"' in said.text
    assert state(terminal, key).stage is UploadStage.OPENED and state(terminal, key).files == 0
    assert "传好了，1 个" in send(platform, address, jpeg()).text


def test_a_set_that_is_too_large_is_told_by_the_platform_and_by_nginx(
    terminal: TestTerminal, platform: RunningPlatform, key: UploadKey
) -> None:
    address = ticket(terminal, key)
    part = b"\xff\xd8\xff" + bytes(LARGEST_SET // 3)
    said = send(platform, address, part, part, part, b"\xff\xd8\xff" + bytes(1000))
    assert said.status_code == 400 and "加起来太大" in said.text
    said = send(platform, address, part, part, part, part)
    assert said.status_code == 413 and "加起来太大" in said.text and "too large" in said.text
    assert requests.get(f"{platform.url}/upload/too-large", verify=platform.ca, timeout=LIMIT).status_code == 404


def test_what_ran_out_is_forgotten(terminal: TestTerminal, platform: RunningPlatform, key: UploadKey) -> None:
    address = ticket(terminal, key)
    send(platform, address, jpeg())
    rows(platform, "update phone_uploads set expires_at = datetime('now', '-1 hour') || '.000000'")
    assert state(terminal, key).stage is UploadStage.EXPIRED
    assert terminal.call("GET", f"phone-uploads/{key.lookup}/0").status_code == 404
    said = send(platform, address, jpeg())
    assert said.status_code == 410 and "过期" in said.text and "ran out" in said.text
    opened = Platform(DataFolder(platform.data))
    forget(opened.database, datetime.now(UTC))
    opened.close()
    assert rows(platform, "select count(*) from phone_files") == [(0,)]


def test_strangers_and_nonsense(terminal: TestTerminal, platform: RunningPlatform, key: UploadKey) -> None:
    ticket(terminal, key)
    for text in ("", "x", UploadKey.new().text, key.text[:-1], key.text + "A", key.lookup):
        said = requests.get(f"{platform.url}/upload", params={"k": text}, verify=platform.ca, timeout=LIMIT)
        assert said.status_code == 410 and "没有这个码" in said.text
    bare = requests.get(f"{platform.url}/api/v1/phone-uploads/{key.lookup}", verify=platform.ca, timeout=LIMIT)
    assert bare.status_code == 403
    for lookup in ("0" * 63, key.lookup.upper(), "../x"):
        assert terminal.call("GET", f"phone-uploads/{lookup}").status_code in (404, 422)
    assert terminal.call("GET", f"phone-uploads/{key.lookup}/99").status_code == 422


def test_forms_as_browsers_send_them() -> None:
    def form(*parts: bytes) -> bytes:
        return b"".join(b"--xYz\r\n" + part + b"\r\n" for part in parts) + b"--xYz--\r\n"

    kind = 'multipart/form-data; boundary="xYz"'
    inside = b"\r\n--xY almost\r\n\r\n"
    one = b'Content-Disposition: form-data; name="files"; filename="../../a"\r\nContent-Type: x/y\r\n\r\n' + inside
    empty = b'Content-Disposition: form-data; name="files"; filename=""\r\n\r\n'
    other = b'Content-Disposition: form-data; name="notes"\r\n\r\nfiles'
    assert files_of(kind, form(one, empty, other, one), "files", 5) == [inside, inside]
    assert files_of(kind, form(*[one] * 9), "files", 2) == [inside] * 3
    assert files_of("text/plain", form(one), "files", 5) == []
    assert files_of(kind, b"", "files", 5) == files_of(kind, b"--xYz", "files", 5) == []
    assert files_of(kind, form(b"no head at all"), "files", 5) == []


@pytest.fixture(scope="module")
def browser(platform: RunningPlatform, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    yield from open_browser(platform, tmp_path_factory.mktemp("browser"))


def test_in_a_real_browser(
    browser: Browser, terminal: TestTerminal, platform: RunningPlatform, key: UploadKey, tmp_path: Path
) -> None:
    (tmp_path / "页 1.jpg").write_bytes(jpeg())
    (tmp_path / "合同.pdf").write_bytes(pdf())
    (tmp_path / "notes.jpg").write_bytes(b"no picture at all")

    def chooses(*names: str) -> None:
        field = browser.driver.find_element(By.NAME, "files")
        field.send_keys("\n".join(str(tmp_path / name) for name in names))

    browser.driver.get(ticket(terminal, key))
    browser.picture("upload-choose")
    chooses("notes.jpg")
    browser.presses("传到机器上")
    assert "第 1 个不是照片" in browser.text and "neither a picture" in browser.text
    browser.picture("upload-refused")
    chooses("页 1.jpg", "合同.pdf")
    browser.presses("传到机器上")
    assert "传好了，2 个" in browser.text and "请看机器屏幕" in browser.text
    browser.picture("upload-sent")
    first = terminal.call("GET", f"phone-uploads/{key.lookup}/0").content
    assert key.open(first, 0) == jpeg()


def test_too_large_in_a_real_browser(browser: Browser, terminal: TestTerminal, key: UploadKey, tmp_path: Path) -> None:
    (tmp_path / "film.jpg").write_bytes(b"\xff\xd8\xff" + bytes(LARGEST_SET + 2 * 1024 * 1024))
    browser.driver.get(ticket(terminal, key))
    browser.driver.find_element(By.NAME, "files").send_keys(str(tmp_path / "film.jpg"))
    browser.presses("传到机器上")
    assert "加起来太大" in browser.text
    browser.picture("upload-too-large")
