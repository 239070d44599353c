"""A platform's published releases, handed out by a web server that can be told to misbehave, and a terminal."""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO

from tuf.ngclient import FetcherInterface

from contract.releases import Release
from fleet.data_folder import DataFolder
from fleet.platform import Platform
from fleet.releases.repository import ReleaseRepository
from offline_cache.releases import InstalledRelease, ReleaseUpdater
from tests.fleet.city_workbook import CIVIL_AFFAIRS, HUMAN_RESOURCES, write_city
from tests.fleet.running_platform import run_command

#: what is done instead of handing out a file whose path contains the key
Faults = dict[str, Callable[["Handler"], None]]


class Handler(SimpleHTTPRequestHandler):
    """Hands out files below the data folder, or does what a fault says."""

    protocol_version = "HTTP/1.1"
    timeout = 10

    def __init__(self, *arguments: object, shelf: Shelf, directory: str) -> None:
        self.shelf = shelf
        super().__init__(*arguments, directory=directory)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self.shelf.asked.append(self.path.removeprefix("/releases/"))
        for part, fault in list(self.shelf.faults.items()):
            if part in self.path:
                self.close_connection = True
                fault(self)
                return
        super().do_GET()

    def copyfile(self, source: IO[bytes], outputfile: IO[bytes]) -> None:  # type: ignore[override]
        content = source.read()
        self.shelf.sent += len(content)
        outputfile.write(content)

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def give(self, content: bytes, length: int | None = None) -> None:
        """Answer 200 with `content`, and say that it is `length` bytes long."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(content) if length is None else length))
        self.end_headers()
        self.wfile.write(content)

    @property
    def real(self) -> bytes:
        return Path(self.translate_path(self.path)).read_bytes()


class Shelf:
    """The releases of the platform in `data` at `url`."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.faults: Faults = {}
        #: paths that were asked for, and bytes of files that were handed out
        self.asked: list[str] = []
        self.sent = 0
        handler = partial(Handler, shelf=self, directory=str(data))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def release(self) -> int:
        """Publish the draft once more, as an operator would; the new version."""
        code, said = run_command("release", "--data", str(self.data), "--approved-by", "甲", "--approved-by", "乙")
        assert code == 0, said
        return int(str(said["version"]))

    @contextmanager
    def repository(self) -> Iterator[ReleaseRepository]:
        """The repository with its keys, for signed releases no command would make."""
        platform = Platform(DataFolder(self.data))
        yield platform.repository
        platform.close()

    def publish(
        self, files: Mapping[str, bytes], departments: list[str], packs: Mapping[str, bytes] | None = None
    ) -> None:
        """Sign whatever `files` and `packs` say."""
        with self.repository() as repository:
            repository._publish(files, packs or {}, departments, datetime.now(UTC))

    def sign(
        self, change: Mapping[str, bytes | None], packs: Mapping[str, bytes] | None = None, **fields: object
    ) -> None:
        """Release 2, truly signed, with some files changed or left out and the release's own fields changed."""
        about = Release.model_validate_json(self.content("release.json"))
        files: dict[str, bytes | None] = {name: self.content(name) for name in about.targets} | dict(change)
        fields = {"version": 2, **fields}
        files["release.json"] = about.model_copy(update=fields).model_dump_json().encode()
        there = {name: data for name, data in files.items() if data is not None}
        self.publish(there, [HUMAN_RESOURCES, CIVIL_AFFAIRS], packs)

    def all_new(self) -> None:
        """Release 2, in which every file is another one and there are no packs: each is fetched by itself."""
        about = Release.model_validate_json(self.content("release.json"))
        self.sign({name: self.content(name) + b"\n" for name in about.targets})

    def rename(self, name: str) -> int:
        """Import the workbook with another name of its first item, and release it; the new version."""

        def change(rows: dict[str, list[dict[str, object]]]) -> None:
            rows["items"][0]["name_zh"] = name

        workbook = write_city(self.data / f"workbook-{name}", change)
        code, said = run_command("import", "--data", str(self.data), str(workbook))
        assert code == 0, said
        return self.release()

    def content(self, name: str) -> bytes:
        """The newest target `name` that is on the shelf."""
        folder, _, file = f"releases/targets/{name}".rpartition("/")
        return max((self.data / folder).glob(f"*.{file}"), key=lambda path: path.stat().st_mtime_ns).read_bytes()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Terminal:
    """A terminal's data folder that trusts the shelf's root."""

    def __init__(self, data: Path, shelf: Shelf) -> None:
        self.data = data
        for folder in ("trust", "pki"):
            (data / folder).mkdir(parents=True)
        shutil.copy(shelf.data / "releases" / "metadata" / "1.root.json", data / "trust" / "root.json")
        shutil.copy(shelf.data / "pki" / "ca.crt", data / "pki" / "ca.crt")
        (data / "terminal.toml").write_text(
            f'[terminal]\nid = "T-1"\nlabel = "A01"\nhall_zh = "大厅"\n[fleet]\nurl = "{shelf.url}"\n', "utf-8"
        )
        self.url = shelf.url

    @property
    def updater(self) -> ReleaseUpdater:
        """A program that has just started."""
        return ReleaseUpdater(self.data, self.url)

    def updater_of(self, url: str, fetcher: Callable[[], FetcherInterface]) -> ReleaseUpdater:
        """A program that fetches from elsewhere."""
        return ReleaseUpdater(self.data, url, fetcher)

    def refresh(self) -> int | None:
        return self.updater.refresh()

    @property
    def release(self) -> InstalledRelease:
        return InstalledRelease.current(self.data)

    @property
    def folders(self) -> list[str]:
        """Every name in releases/, without TUF's own metadata."""
        return sorted(path.name for path in (self.data / "releases").iterdir() if path.name != "metadata")

    def fingerprint(self) -> str:
        """Of every byte of the release in use."""
        digest = hashlib.sha256()
        for path in sorted((self.data / "releases" / "current").resolve().rglob("*")):
            if path.is_file():
                digest.update(path.name.encode() + path.read_bytes())
        return digest.hexdigest()
