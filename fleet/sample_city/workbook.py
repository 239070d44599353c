"""The operator's workbook `city.xlsx`, made from `city.toml` and `items/*.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from fleet.catalogue.columns import EXPLAINED
from fleet.sample_city.sheets import Cell, add_sheet, save

#: 行使层级 3 is the city, GB/T 39046-2020 A.2; it stands between department and catalogue code.
CITY_LEVEL = "3"
#: First two digits of a catalogue code: the province that added the item to its list.
PROVINCE = "37"
HOURS = "周一至周五 9:00-17:00；24 小时自助区随时可以办（示例）"

Row = dict[str, Cell]


def build_workbook(sources: Path, target: Path) -> None:
    """Write the workbook of the sample city whose TOML sources stand in `sources`."""
    city = tomllib.loads((sources / "city.toml").read_text("utf-8"))
    items = [_Item(path, city) for path in sorted((sources / "items").glob("*.toml"))]
    items.sort(key=lambda item: item.task_code)
    rows: dict[str, list[Row]] = {
        "city": [{key: city[key] for key in ("name_zh", "name_en", "division")}],
        "themes": [{**theme, "icon": theme["id"]} for theme in city["themes"]],
        "departments": [
            {"dept_code": each["code"], "name_zh": each["name_zh"], "name_en": each["name_en"]}
            for each in city["departments"].values()
        ],
        "items": [item.row() for item in items],
        "situations": [row for item in items for row in item.situations()],
        "materials": [row for item in items for row in item.materials()],
        "commitments": [row for item in items for row in item.commitments()],
        "terminals": [_terminal(terminal, items) for terminal in city["terminals"]],
    }
    book = Workbook()
    for sheet, columns in EXPLAINED.items():
        add_sheet(book, sheet, tuple(columns), rows[sheet], tuple(columns.values()))
    save(book, target)


class _Item:
    """One item of the sources, as rows of the workbook's sheets."""

    def __init__(self, path: Path, city: dict[str, Any]) -> None:
        self.name = path.stem
        self.source = source = tomllib.loads(path.read_text("utf-8"))
        self.department = city["departments"][source["department"]]
        self.catalog_code = f"{PROVINCE}{source['task_type']}{self.department['number']}{source['serial']:03}000"
        self.task_code = f"{self.department['code']}{CITY_LEVEL}{self.catalog_code}"

    def row(self) -> Row:
        source, department = self.source, self.department
        copied = (
            "name_zh",
            "name_en",
            "task_type",
            "theme",
            "minutes",
            "plain_zh",
            "plain_en",
            "condition",
            "flow",
            "law",
            "legal_days",
            "promise_days",
        )
        fee, result = source.get("fee"), source.get("result")
        row: Row = {key: source[key] for key in copied}
        row |= {
            "task_code": self.task_code,
            "catalog_code": self.catalog_code,
            "popular_terms": "、".join(source["popular_terms"]),
            "life_events": "、".join(source.get("life_events", [])),
            # 即办件 is done at once, 承诺件 within the promised days
            "project_type": "2" if source["promise_days"] else "1",
            "server_types": "、".join(source.get("server_types", ["1"])),
            "dept_code": department["code"],
            "agent_allowed": _yes(source.get("agent_allowed", True)),
            "assurance": source.get("assurance", ""),
            "popular_rank": source.get("popular_rank", 0),
            "at_terminal": _yes(source.get("at_terminal", False)),
            "form": source.get("form", ""),
            "fee_charged": _yes(fee is not None),
            "place": department["place"],
            "hours": HOURS,
            "consult": department["consult"],
            "supervise": department["supervise"],
            "later_days": source.get("later_days", ""),
            "print_pages": source.get("print_pages", ""),
            "print_attempts": source.get("print_attempts", ""),
            "visits": source.get("visits", 0),
        }
        if fee:
            row |= {f"fee_{key}": fee[key] for key in ("name", "standard", "basis")}
        if result:
            row |= {f"result_{key}": result[key] for key in ("name_zh", "name_en", "template", "series")}
            row |= {
                "result_fields": "、".join(result.get("fields", [])),
                "result_holder": "、".join(result.get("holder", [])),
            }
        if commitment := source.get("commitment"):
            row |= {f"commitment_{key}": commitment[key] for key in ("title_zh", "title_en")}
        return row

    def situations(self) -> Iterator[Row]:
        for situation in self.source.get("situations", []):
            for choice in situation["choices"]:
                row: Row = {"task_code": self.task_code, "situation_id": situation["id"]}
                row |= {key: situation[key] for key in ("question_zh", "question_en", "help_zh", "help_en")}
                row |= {key: choice[key] for key in ("value", "label_zh", "label_en")}
                row |= {f"choice_{key}": choice.get(key, "") for key in ("help_zh", "help_en")}
                yield row

    def materials(self) -> Iterator[Row]:
        for material in self.source["materials"]:
            yield {
                "task_code": self.task_code,
                "material_id": material["id"],
                "name_zh": material["name_zh"],
                "name_en": material["name_en"],
                "way": material["way"],
                "need": material.get("need", "必要"),
                "form": material.get("form", "原件"),
                "source": material.get("source", "政府部门核发"),
                "copies": material.get("copies", 1),
                "sides": material.get("sides", ""),
                "most_pages": material.get("most_pages", ""),
                **{column: material.get(column, "") for column in ("colour", "reads", "labels", "of_applicant")},
                "licence": material.get("licence", ""),
                "reuse_months": material.get("reuse_months", ""),
                "notes_zh": material.get("notes_zh", ""),
                "notes_en": material.get("notes_en", ""),
                "when": "、".join(material.get("when", [])),
            }

    def commitments(self) -> Iterator[Row]:
        paragraphs = self.source.get("commitment", {}).get("paragraphs", [])
        for order, paragraph in enumerate(paragraphs, start=1):
            yield {
                "task_code": self.task_code,
                "order": order,
                "paragraph_zh": paragraph["zh"],
                "paragraph_en": paragraph["en"],
            }


def _terminal(source: dict[str, Any], items: list[_Item]) -> Row:
    """`offline_opens` names items by their file; the workbook by their code."""
    codes = {item.name: item.task_code for item in items}
    row: Row = {key: value for key, value in source.items() if not isinstance(value, (bool, list))}
    row |= {key: _yes(value) for key, value in source.items() if isinstance(value, bool)}
    return row | {"offline_opens": "、".join(codes[name] for name in source.get("offline_opens", []))}


def _yes(value: bool) -> str:
    return "是" if value else "否"
