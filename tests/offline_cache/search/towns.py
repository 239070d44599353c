"""What can be searched in tests: the sample city, and an invented district with the items such districts have."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from contract.codes import ProjectType, ServerType, TaskType
from contract.items import Guide, ServiceItem, Theme
from contract.model import Words
from contract.releases import SearchIndex
from fleet.catalogue.importer import import_workbook
from fleet.catalogue.search_index import search_index

HERE = Path(__file__).parent
CITY = Path(__file__).parents[3] / "fleet" / "sample_city" / "city.xlsx"
THEMES = {
    "work": "就业社保", "papers": "户籍证件", "family": "婚姻家庭", "medical": "看病医保", "housing": "住房",
    "business": "开店办企业", "education": "上学", "farming": "务农",
}  # fmt: skip


@cache
def city() -> SearchIndex:
    """The sample city's."""
    catalogue = import_workbook(CITY).catalogue
    assert catalogue is not None
    return search_index(catalogue.items, catalogue.themes)


@cache
def district() -> SearchIndex:
    """That of `district.tsv`."""
    rows = [line.split("\t") for line in (HERE / "district.tsv").read_text("utf-8").splitlines()[1:]]
    departments = list(dict.fromkeys(row[2] for row in rows))
    items = [_item(number, departments.index(row[2]), *row) for number, row in enumerate(rows)]
    return search_index(items, [Theme(id=each, name=Words(zh=name), icon=each) for each, name in THEMES.items()])


def _item(
    number: int, department: int, title: str, terms: str, dept_name: str, theme: str, event: str, who: str
) -> ServiceItem:
    return ServiceItem(
        task_code=f"D{number:03}",
        catalog_code="370000000000",
        name=Words(zh=title),
        popular_terms=[term for term in terms.split("、") if term],
        life_events=[event],
        task_type=TaskType.PUBLIC_SERVICE,
        project_type=ProjectType.INSTANT,
        server_types=[ServerType(each) for each in who],
        dept_name=Words(zh=dept_name),
        dept_code=f"1137029900000{department:02}00X",
        theme=theme,
        minutes=5,
        guide=Guide(plain=Words(zh=title), condition="", flow="", law="", legal_days=0, promise_days=0),
    )
