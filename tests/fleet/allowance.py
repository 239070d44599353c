"""A city whose allowance has a form with every kind of question, and an application saved half-way."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from openpyxl import Workbook

from contract.model import Words
from contract.saved_codes import SavedKey, new_code
from contract.saving import SavedApplication, SavedOpened, SavedPut
from fleet.data_folder import DataFolder
from fleet.phone_form import form_hash
from fleet.platform import Platform
from kiosk.forms import Form
from tests.fleet.city_workbook import CIVIL_AFFAIRS, SUBSIDY, Rows, with_logins
from tests.fleet.running_platform import RunningPlatform, TestTerminal

SURVEY = ("type", "name", "label", "hint", "appearance", "required", "readonly", "constraint", "constraint_message",
          "relevant", "parameters", "bind::bianmin:from", "media::image")  # fmt: skip
QUESTIONS: list[dict[str, str]] = [
    {"type": "begin_group", "name": "who", "label": "您的信息", "appearance": "field-list"},
    {"type": "note", "name": "hello", "label": "带星号的由身份证带出。"},
    {"type": "text", "name": "name", "label": "姓名", "readonly": "yes", "bind::bianmin:from": "identity/name"},
    {"type": "text", "name": "mobile", "label": "手机号", "appearance": "numbers", "required": "yes",
     "constraint": "regex(., '^1[0-9]{10}$')", "constraint_message": "手机号是 11 位。",
     "bind::bianmin:from": "identity/mobile"},
    {"type": "end_group"},
    {"type": "select_one yes_no", "name": "alone", "label": "您一个人住吗？",
     "hint": "不算来看您的人。", "required": "yes"},
    {"type": "select_multiple kinds", "name": "kinds", "label": "家里有哪些收入？"},
    {"type": "begin_repeat", "name": "child", "label": "孩子"},
    {"type": "begin_group", "name": "one", "label": "孩子", "appearance": "field-list"},
    {"type": "text", "name": "child_name", "label": "孩子的姓名", "required": "yes"},
    {"type": "date", "name": "born", "label": "出生日期"},
    {"type": "end_group"},
    {"type": "end_repeat"},
    {"type": "begin_group", "name": "rest", "label": "再问几句", "appearance": "field-list"},
    {"type": "select_one month", "name": "month", "label": "从哪个月开始领", "required": "yes"},
    {"type": "integer", "name": "rooms", "label": "几间屋", "constraint": ". > 0", "constraint_message": "至少一间。"},
    {"type": "decimal", "name": "area", "label": "多少平方米"},
    {"type": "time", "name": "when", "label": "几点在家"},
    {"type": "date", "name": "since", "label": "哪个月搬来的", "appearance": "month-year"},
    {"type": "date", "name": "built", "label": "房子哪年盖的", "appearance": "year"},
    {"type": "range", "name": "health", "label": "身体怎么样，1 到 5", "parameters": "start=1 end=5 step=1"},
    {"type": "rank wishes", "name": "wish", "label": "最要紧的排前面"},
    {"type": "text", "name": "more", "label": "还想说的", "appearance": "multiline"},
    {"type": "image", "name": "door", "label": "门牌照片", "required": "yes"},
    {"type": "acknowledge", "name": "true", "label": "以上都是真的", "required": "yes"},
    {"type": "end_group"},
]  # fmt: skip
CHOICES = [
    ("yes_no", "yes", "是"), ("yes_no", "no", "不是"),
    ("kinds", "pension", "养老金"), ("kinds", "work", "打工"), ("kinds", "field", "种地"),
    *(("month", f"m{n}", f"{n} 月") for n in range(1, 19)),
    ("wishes", "food", "吃饭"), ("wishes", "care", "看病"),
]  # fmt: skip


def with_allowance(rows: Rows) -> None:
    """The subsidy's form is the long one."""
    with_logins(rows)
    next(item for item in rows["items"] if item["task_code"] == SUBSIDY)["form"] = "allowance"


def write_allowance(
    folder: Path, more: tuple[dict[str, str], ...] = (), choices_more: tuple[tuple[str, ...], ...] = ()
) -> None:
    """allowance.xlsx in `folder`, with these questions more at its beginning, and choices with their pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    book = Workbook()
    survey = book.active
    survey.title = "survey"
    survey.append(SURVEY)
    for question in (*more, *QUESTIONS):
        survey.append([question.get(column) for column in SURVEY])
    choices = book.create_sheet("choices")
    for row in (("list_name", "name", "label", "media::image"), *CHOICES, *choices_more):
        choices.append(row)
    settings = book.create_sheet("settings")
    settings.append(("form_title", "form_id", "version", "namespaces"))
    settings.append(("津贴", "allowance", "1", 'bianmin="https://bianmin.example/xforms"'))
    book.save(folder / "allowance.xlsx")


def released_form(platform: RunningPlatform) -> str:
    """The XForm as it is released."""
    opened = Platform(DataFolder(platform.data))
    catalogue = opened.release(1)
    opened.close()
    assert catalogue is not None
    return catalogue.files[f"{CIVIL_AFFAIRS}/allowance.xml"]


def application(xml: str, name: str, mobile: str) -> SavedApplication:
    """As a terminal packs it on the form's first page."""
    session = Form.load(xml.encode()).start("", {"identity/name": name, "identity/mobile": mobile})
    return SavedApplication(
        task_code=SUBSIDY,
        item_name=Words(zh="高龄津贴申领"),
        release_version=1,
        language="zh",
        saved_at=datetime.now(UTC),
        situations={"who": "self"},
        form_sha256=form_hash(xml),
        form=session.serialise().decode(),
        to_do=[Words(zh="拍摄授权委托书", en="scan the letter"), Words(zh="核对、提交", en="check and submit")],
    )


def save(terminal: TestTerminal, saved: SavedApplication, number: str, code: str = "") -> str:
    """Keep it at the platform; its code."""
    code = code or new_code()
    key = SavedKey.of(code)
    put = SavedPut(number=number, sealed=key.seal(saved.model_dump_json().encode(), number))
    said = terminal.put(f"saved/{key.lookup}", put)
    assert said.status_code == 200 and said.json()["refused"] is None, said.text
    return code


def saved_now(terminal: TestTerminal, code: str, number: str) -> SavedApplication:
    """What is kept under the code, as a terminal opens it."""
    key = SavedKey.of(code)
    said = terminal.call("POST", f"saved/{key.lookup}/open", json={"number": number})
    opened = SavedOpened.model_validate_json(said.content)
    assert opened.sealed is not None, opened.refused
    return SavedApplication.model_validate_json(key.open(opened.sealed, number))
