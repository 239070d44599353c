"""What a release costs on the way to a terminal: bytes at a loopback web server, requests and time.

2,000 invented items of 40 departments, each with a form, 20 MB; then 20 forms and guides of three of them are changed.
"""

from __future__ import annotations

import contextlib
import io
import random
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests

from benchmarks.figures import Figure, milliseconds
from contract.codes import ProjectType, ServerType, TaskType
from contract.items import Guide, ServiceItem, Theme
from contract.model import Words
from fleet.__main__ import main as fleet
from fleet.catalogue.catalogue import Catalogue, Department
from fleet.data_folder import DataFolder
from fleet.platform import Platform
from fleet.releases.publishing import publish_draft
from fleet.tables import Draft
from offline_cache.releases import ReleaseUpdater

ITEMS, DEPARTMENTS, QUESTIONS = 2000, 40, 17
CHANGED = 20
SYLLABLES = "".join(chr(code) for code in range(0x4E00, 0x4E00 + 3000))


def run() -> list[Figure]:
    """The change of 1 % and the first release beside plain ways to the same."""
    with tempfile.TemporaryDirectory() as name, _platform(Path(name)) as (platform, server):
        text = _texts(random.Random(20261121))
        catalogue = _catalogue(text)
        _release(platform, catalogue)
        terminal = _terminal(Path(name) / "terminal", platform)
        full = _fetch(terminal, server)
        plain = _terminal(Path(name) / "plain", platform)
        server.packs = False
        single = _fetch(plain, server)
        server.packs = True
        size = sum(path.stat().st_size for path in (plain / "releases" / "1").rglob("*") if path.suffix != ".db")
        _release(platform, _changed(catalogue, text))
        patched = _fetch(terminal, server)
        whole = _fetch(_terminal(Path(name) / "whole", platform), server)
        refresh = ReleaseUpdater(terminal, server.url).refresh
        nothing = milliseconds(refresh, 40)[0]
        server.reset()
        assert refresh() is None
        asked, came = server.asked, server.sent
        plainly, got = _conditional(server)
    kind = f"of {size / 1e6:.3g} MB"
    return [
        Figure(f"first release {kind}, over the wire", full[0] / 1e3, "file by file", single[0] / 1e3, "KB"),
        Figure(f"first release {kind}, requests", full[1], "file by file", single[1], ""),
        Figure(f"first release {kind}, installed", full[2], "file by file", single[2], "s"),
        Figure("1 % changed, over the wire", patched[0] / 1e3, "full download", whole[0] / 1e3, "KB"),
        Figure("1 % changed, the patch alone", server.patch / 1e3, "all with metadata", patched[0] / 1e3, "KB"),
        Figure("1 % changed, requests", patched[1], "full download", whole[1], ""),
        Figure("1 % changed, installed", patched[2], "full download", whole[2], "s"),
        Figure("nothing new, median", nothing, "one conditional GET", plainly, "ms"),
        Figure("nothing new, requests", asked, "one conditional GET", 1, ""),
        Figure("nothing new, over the wire", came / 1e3, "one conditional GET", got / 1e3, "KB"),
    ]


class _Server(ThreadingHTTPServer):
    """Hands out a platform's releases and counts: requests, and bytes sent with their headers."""

    def __init__(self, data: Path) -> None:
        super().__init__(("127.0.0.1", 0), partial(_Handler, directory=str(data)))
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.packs = True
        self.patch = 0
        self.reset()

    def reset(self) -> None:
        self.asked = self.sent = 0


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        super().setup()
        write = self.wfile.write

        def counted(content: Any) -> int:
            self.server.sent += len(content)
            return write(content)

        self.wfile.write = counted  # type: ignore[method-assign]

    def do_GET(self) -> None:
        self.server.asked += 1
        file = Path(self.translate_path(self.path))
        if not file.is_file() or (file.suffix == ".zst" and not self.server.packs):
            # as nginx does, and send_error does not: the connection stays
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if file.parent.name == "patches":
            self.server.patch = file.stat().st_size
        super().do_GET()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def _platform(folder: Path) -> Iterator[tuple[Platform, _Server]]:
    data = folder / "platform"
    with contextlib.redirect_stdout(io.StringIO()):
        fleet(["init", "--data", str(data)])
    platform, server = Platform(DataFolder(data)), _Server(data)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield platform, server
    server.shutdown()
    server.server_close()
    platform.close()


def _release(platform: Platform, catalogue: Catalogue) -> None:
    draft = Draft(imported_at=datetime.now(UTC), workbook="", catalogue=catalogue.model_dump(mode="json"))
    with platform.database.writing() as session:
        session.add(draft)
    publish_draft(platform.database, platform.repository, platform.resources, platform.code_keys, ["甲", "乙"])


def _terminal(data: Path, platform: Platform) -> Path:
    for folder in ("trust", "pki"):
        (data / folder).mkdir(parents=True)
    (data / "trust" / "root.json").write_bytes(platform.repository.first_root)
    shutil.copy(platform.folder.ca_certificate, data / "pki" / "ca.crt")
    return data


def _fetch(data: Path, server: _Server) -> tuple[int, int, float]:
    """Bytes, requests and seconds until the newest release is installed."""
    server.reset()
    began = time.perf_counter()
    assert ReleaseUpdater(data, server.url).refresh() is not None
    return server.sent, server.asked, time.perf_counter() - began


def _conditional(server: _Server) -> tuple[float, int]:
    session = requests.Session()
    session.trust_env = False
    url = f"{server.url}/releases/metadata/timestamp.json"
    known = session.get(url, timeout=5).headers["Last-Modified"]

    def ask() -> None:
        # a session of its own, as each of our looks has
        with requests.Session() as fresh:
            fresh.trust_env = False
            assert fresh.get(url, headers={"If-Modified-Since": known}, timeout=5).status_code == 304

    took = milliseconds(ask, 40)[0]
    server.reset()
    ask()
    return took, server.sent


def _texts(chance: random.Random) -> Callable[[int], str]:
    """What makes invented texts of so many words."""
    vocabulary = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(4000)]
    return lambda words: "".join(chance.choices(vocabulary, k=words))


def _catalogue(text: Callable[[int], str]) -> Catalogue:
    departments = [Department(code=f"1137029900{number:08d}", name=Words(zh=text(2))) for number in range(DEPARTMENTS)]
    items, files = [], {}
    for number in range(ITEMS):
        department = departments[number % DEPARTMENTS]
        items.append(_item(number, department, text))
        files[f"{department.code}/form_{number}.xml"] = _form(text)
    return Catalogue(
        city=Words(zh="示例市"), division="370299", themes=[Theme(id="t", name=Words(zh="示例"), icon="t")],
        departments=departments, items=items, terminals=[], files=files,
    )  # fmt: skip


def _item(number: int, department: Department, text: Callable[[int], str]) -> ServiceItem:
    guide = Guide(
        plain=Words(zh=text(60), en="example " * 30), condition=text(50), flow=text(60), law=text(60), legal_days=20,
        promise_days=5, place=text(5), hours=text(4), consult="000-5550100", supervise="000-5550101",
    )  # fmt: skip
    return ServiceItem(
        task_code=f"{department.code}{number:010d}", catalog_code="000101001000", name=Words(zh=text(4)),
        popular_terms=[text(2), text(2)], task_type=next(iter(TaskType)), project_type=next(iter(ProjectType)),
        server_types=[next(iter(ServerType))], dept_name=department.name, dept_code=department.code, theme="t",
        minutes=5, guide=guide, form=f"form_{number}",
    )  # fmt: skip


def _form(text: Callable[[int], str]) -> str:
    nodes = "".join(f"<question_{number}/>" for number in range(QUESTIONS))
    texts = "".join(
        f'<text id="/data/question_{number}:label"><value>{text(5)}</value></text>'
        f'<text id="/data/question_{number}:hint"><value>{text(9)}</value></text>'
        for number in range(QUESTIONS)
    )
    binds = "".join(
        f'<bind nodeset="/data/question_{number}" type="string" required="true()"/>' for number in range(QUESTIONS)
    )
    inputs = "".join(
        f'<input ref="/data/question_{number}"><label ref="jr:itext(\'/data/question_{number}:label\')"/></input>'
        for number in range(QUESTIONS)
    )
    return (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head>'
        f'<h:title>{text(3)}</h:title><model><itext><translation lang="zh">{texts}</translation></itext>'
        f"<instance><data>{nodes}</data></instance>{binds}</model></h:head><h:body>{inputs}</h:body></h:html>"
    )


def _changed(catalogue: Catalogue, text: Callable[[int], str]) -> Catalogue:
    """Operators of three departments wrote one question of 20 forms anew, and a paragraph of each item's guide."""
    own = {item.task_code for item in [i for i in catalogue.items if int(i.dept_code[-2:]) < 3][:CHANGED]}
    files, items = dict(catalogue.files), []
    for item in catalogue.items:
        if item.task_code in own:
            path = f"{item.dept_code}/{item.form}.xml"
            head, tail = files[path].split("</value>", 1)
            files[path] = f"{head.rpartition('<value>')[0]}<value>{text(9)}</value>{tail}"
            guide = item.guide.model_copy(update={"flow": text(60)})
            items.append(item.model_copy(update={"guide": guide}))
        else:
            items.append(item)
    return catalogue.model_copy(update={"files": files, "items": items})
