"""A small city's workbook, written with openpyxl: three items of two departments, one form, one template."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook

Rows = dict[str, list[dict[str, object]]]

#: Invented departments whose codes pass the check of GB 32100.
HUMAN_RESOURCES = "11370299000000017B"
CIVIL_AFFAIRS = "113702990000000256"

PROOF = "370299AA0001-proof"
SUBSIDY = "370299AA0002-subsidy"
ADVICE = "370299AA0003-advice"
#: Of `with_logins`: for companies only, and one that asks for high assurance and takes no agents.
COMPANIES = "370299AA0004-companies"
SURE = "370299AA0005-sure"

_GUIDE: dict[str, object] = {
    "condition": "在本市参保",
    "flow": "申请、受理、办结",
    "law": "《社会保险法》第四条（示例）",
    "legal_days": 20,
    "fee_charged": "否",
    "fee_name": None,
    "fee_standard": None,
    "fee_basis": None,
    "place": "大厅一楼",
    "hours": "周一至周五 9:00-17:00",
    "consult": "000-5550101",
    "supervise": "000-5550199",
    "visits": 0,
}


def _item(task_code: str, catalog_code: str, name_zh: str, **own: object) -> dict[str, object]:
    row: dict[str, object] = {
        "task_code": task_code,
        "catalog_code": catalog_code,
        "name_zh": name_zh,
        "name_en": None,
        "popular_terms": None,
        "task_type": "公共服务",
        "project_type": "即办件",
        "server_types": "自然人",
        "dept_code": HUMAN_RESOURCES,
        "theme": "insurance",
        "minutes": 3,
        "agent_allowed": "是",
        "popular_rank": 1,
        "at_terminal": "是",
        "form": None,
        "result_name_zh": None,
        "result_name_en": None,
        "result_template": None,
        "result_series": None,
        "result_fields": None,
        "result_holder": None,
        "commitment_title_zh": None,
        "commitment_title_en": None,
        "plain_zh": "打印一张证明。",
        "plain_en": "Prints a certificate.",
        "promise_days": 0,
        **_GUIDE,
    }
    return {**row, **own}


def small_city() -> Rows:
    """The rows of a workbook without a fault."""
    proof = _item(
        PROOF,
        "370299AA0001",
        "参保证明打印",
        name_en="Insurance certificate",
        popular_terms="社保证明、交社保的证明",
        result_name_zh="参保证明",
        result_name_en="Insurance certificate",
        result_template="proof",
        result_series="CB",
    )
    subsidy = _item(
        SUBSIDY,
        "370299AA0002",
        "高龄津贴申领",
        task_type="05",
        project_type="承诺件",
        dept_code=CIVIL_AFFAIRS,
        theme="elderly",
        form="subsidy",
        promise_days=5,
        commitment_title_zh="承诺书",
    )
    advice = _item(ADVICE, "370299AA0003", "银行开户指引", at_terminal="否", dept_code=CIVIL_AFFAIRS)
    question = {
        "task_code": SUBSIDY,
        "situation_id": "who",
        "question_zh": "为谁申请？",
        "question_en": "For whom?",
    }
    material = {
        "task_code": SUBSIDY,
        "need": "必要",
        "form": "原件",
        "source": "政府部门核发",
        "copies": 1,
        "when": None,
    }
    return {
        "city": [{"name_zh": "海湾市（测试）", "name_en": "Haiwan (test)", "division": 370299}],
        "themes": [
            {"id": "insurance", "name_zh": "社会保险", "name_en": "Insurance", "icon": "shield"},
            {"id": "elderly", "name_zh": "养老", "name_en": "Old age", "icon": "elderly"},
        ],
        "departments": [
            {
                "dept_code": HUMAN_RESOURCES,
                "name_zh": "海湾市人力资源和社会保障局",
                "name_en": "Human Resources",
            },
            {"dept_code": CIVIL_AFFAIRS, "name_zh": "海湾市民政局", "name_en": "Civil Affairs"},
        ],
        "items": [proof, subsidy, advice],
        "situations": [
            {**question, "value": "self", "label_zh": "本人", "label_en": "Myself"},
            {**question, "value": "other", "label_zh": "代他人", "label_en": "Somebody else"},
        ],
        "materials": [
            {**material, "material_id": "card", "name_zh": "居民身份证", "way": "card"},
            {
                **material,
                "material_id": "letter",
                "name_zh": "授权委托书",
                "way": "scan",
                "when": "who=other",
            },
        ],
        "commitments": [
            {
                "task_code": SUBSIDY,
                "order": 2,
                "paragraph_zh": "愿意承担责任。",
                "paragraph_en": "I am liable.",
            },
            {
                "task_code": SUBSIDY,
                "order": 1,
                "paragraph_zh": "所填内容真实。",
                "paragraph_en": "All is true.",
            },
        ],
        "terminals": [
            {
                "terminal_id": f"T-{number}",
                "label": f"A0{number}",
                "hall_zh": "测试大厅",
                "hall_en": "Test hall",
                "place": "一楼",
                "division": 370299,
                "phone": "000-5550100",
            }
            for number in range(1, 6)
        ],
    }


def with_logins(rows: Rows) -> None:
    """Add what logins are tested with: items by assurance and for companies, a terminal with rules of its site."""
    result = {"result_name_zh": "证明", "result_template": "proof"}
    rows["items"] += [
        _item(COMPANIES, "370299AA0004", "单位参保证明打印", server_types="企业法人", result_series="DW", **result),
        _item(SURE, "370299AA0005", "养老待遇资格认证", assurance="高级", agent_allowed="否"),
    ]
    rows["terminals"][1] |= {"card_stays": "是", "face_at_login": "是", "offline_opens": f"{PROOF}、{SUBSIDY}"}
    rows["terminals"][2] |= {"offline_opens": "全部"}
    rows["terminals"].append({**rows["terminals"][0], "terminal_id": "T-6", "label": "A06"})


def write_city(folder: Path, change: Callable[[Rows], None] | None = None) -> Path:
    """city.xlsx with its form and template in `folder`, after `change` has had its way with the rows."""
    rows = small_city()
    if change:
        change(rows)
    folder.mkdir(parents=True, exist_ok=True)
    workbook = Workbook()
    workbook.remove(workbook.active)
    for sheet, entries in rows.items():
        worksheet = workbook.create_sheet(sheet)
        columns = list(dict.fromkeys(column for entry in entries for column in entry)) + _rest(sheet, entries)
        worksheet.append(columns)
        worksheet.append([f"{column} 的说明" for column in columns])
        for entry in entries:
            worksheet.append([entry.get(column) for column in columns])
    workbook.save(folder / "city.xlsx")
    write_form(folder / "subsidy.xlsx", [("text", "reason", "申领理由"), ("integer", "age", "年龄")])
    (folder / "proof.typ").write_text("#let data = sys.inputs\n= 参保证明\n", encoding="utf-8")
    return folder / "city.xlsx"


def write_form(path: Path, questions: list[tuple[str, str, str]], sources: dict[str, str] | None = None) -> None:
    """An XLSForm of plain questions (type, name, label), and where the answers of some come from."""
    workbook = Workbook()
    survey = workbook.active
    survey.title = "survey"
    survey.append(["type", "name", "label", *(["bind::bianmin:from"] if sources else [])])
    for question in questions:
        survey.append([*question, *([sources.get(question[1])] if sources else [])])
    settings = workbook.create_sheet("settings")
    settings.append(["form_title", "form_id", "namespaces"])
    settings.append(["高龄津贴", path.stem, 'bianmin="https://bianmin.example/xforms"'])
    workbook.save(path)


def _rest(sheet: str, entries: list[dict[str, object]]) -> list[str]:
    from fleet.catalogue.columns import SHEETS

    said = {column for entry in entries for column in entry}
    optional = {"help_zh", "help_en", "choice_help_zh", "choice_help_en", "notes_zh", "notes_en", "name_en"}
    return [column for column in SHEETS[sheet] if column in optional - said]
