"""A city whose platform holds something: its workbook, its licences, and how terminals ask."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests

from contract.codes import Assurance, LoginWay
from contract.holdings import Holding, HoldingFileAsked, Holdings, HoldingsAsked
from contract.identity import Person
from tests.fleet.city_workbook import COMPANIES, PROOF, SUBSIDY, Rows, with_logins
from tests.fleet.logins import CHEN_NUMBER, LI_NUMBER, WANG_NUMBER
from tests.fleet.running_platform import RunningPlatform, TestTerminal

CARD, TRADE = "11370299MB0X00100A001", "11370299MB0X005001001"
WANG = Person(name="王示例", number=WANG_NUMBER)
CHEN = Person(name="陈假设", number=CHEN_NUMBER)
#: 海湾占位软件: Chen's, and Wang is sent by it; 海湾虚构海产 is Li's
USCC, NOT_WANGS = "91370299MA0X0200BT", "91370299MA0X0300C5"
COMPANY = Person(name="海湾占位软件有限公司（示例）", number=USCC)


def licence(number: str, whose: Person, **changed: Any) -> dict[str, Any]:
    """One of licences.json."""
    made = {
        "kind": CARD, "name": "就业创业证", "number": number, "holder": whose.name, "holder_number": whose.number,
        "authority": "海湾市人力资源和社会保障局（示例）", "issued_on": "2021-06-15", "format": "pdf",
    }  # fmt: skip
    return made | changed


LICENCES = [
    licence("JY-0001", WANG),
    licence("JY-0002", WANG, issued_on="2023-01-09", valid_until="2099-01-08"),
    licence("JY-0003", WANG, issued_on="2024-01-09", valid_until="2024-12-31"),
    licence("JY-0004", CHEN, valid_until="2024-12-31"),
    licence("DL-0005", WANG, kind="no-item-names-it"),
    licence("YY-0006", COMPANY, kind=TRADE, name="营业执照", format="ofd"),
]


def with_holdings(rows: Rows) -> None:
    """Materials that the platform may have, of the items without a form."""
    with_logins(rows)
    one = {"task_code": PROOF, "need": "非必要", "form": "原件", "source": "政府部门核发", "copies": 1, "way": "scan"}
    book = {"material_id": "card_book", "name_zh": "就业创业证", "need": "必要", "licence": CARD, "reuse_months": 6}
    trade = {"task_code": COMPANIES, "material_id": "trade", "name_zh": "营业执照", "way": "shared", "licence": TRADE}
    rows["materials"] += [
        one | book,
        one | {"material_id": "lease", "name_zh": "房屋租赁合同", "reuse_months": 12},
        one | {"material_id": "photo", "name_zh": "近期照片"},
        one | trade,
        # the same paper of another item, which allows it for a shorter time
        one | {"task_code": SUBSIDY, "material_id": "home", "name_zh": "房屋租赁合同", "reuse_months": 1},
    ]


def ask(terminal: TestTerminal, *materials: str, **changed: Any) -> requests.Response:
    """What is there of these materials, for Li where nobody else is named."""
    asked: dict[str, Any] = {
        "task_code": PROOF, "release_version": 1, "material_ids": list(materials), "number": LI_NUMBER,
        "login": LoginWay.ID_CARD, "assurance": Assurance.SUBSTANTIAL,
    }  # fmt: skip
    return terminal.call("POST", "holdings", json=HoldingsAsked(**(asked | changed)).model_dump(mode="json"))


def held(terminal: TestTerminal, *materials: str, **changed: Any) -> list[Holding]:
    """The same, which must be whole."""
    said = ask(terminal, *materials, **changed)
    assert said.status_code == 200, said.text
    answer = Holdings.model_validate_json(said.content)
    assert answer.complete
    return answer.held


def fetch(terminal: TestTerminal, handle: str) -> requests.Response:
    """The file of a handle."""
    return terminal.call("POST", "holdings/file", json=HoldingFileAsked(handle=handle).model_dump())


def connectors(folder: Path) -> str:
    """connectors.toml of this city, its licences in `folder`."""
    path = folder / "licences.json"
    path.write_text(json.dumps(LICENCES, ensure_ascii=False), "utf-8")
    return f'[identity]\nuse = "sample_city"\n[licences]\nuse = "sample_licences"\nlicences = "{path}"\n'


def forget_cases(platform: RunningPlatform) -> None:
    """Nobody waits for what earlier tests asked, or finds what they gave."""
    with sqlite3.connect(platform.data / "fleet.db", timeout=20) as database:
        database.execute("delete from waits")
        database.execute("update cases set holder = ''")


@contextlib.contextmanager
def hanging(data: Path, number: str) -> Iterator[None]:
    """The city does not get this licence's file read: its service hangs until the end. `data` is the platform's."""
    path = data / "sample-seals" / "licences" / f"{number}.pdf"
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = path.rename(path.with_suffix(".kept")) if path.exists() else None
    os.mkfifo(path)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # nobody reads: nothing hangs
            os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
        path.unlink()
        if kept is not None:
            kept.rename(path)
