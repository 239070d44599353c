"""Items of the workbook: rows of four sheets become ServiceItem, and the rules an audit would check hold."""

from __future__ import annotations

import re
from collections import defaultdict

from pydantic import ValidationError

from contract.codes import (
    Acting,
    Assurance,
    ColourMode,
    MaterialForm,
    MaterialNeed,
    MaterialSource,
    PaperRead,
    ProjectType,
    ServerType,
    TaskType,
)
from contract.items import (
    Choice,
    Commitment,
    Fee,
    Guide,
    Material,
    MaterialWay,
    Printing,
    Result,
    ResultField,
    ServiceItem,
    Situation,
)
from contract.model import Words
from contract.papers import sources
from fleet.catalogue.catalogue import Department
from fleet.catalogue.forms import Attachments
from fleet.catalogue.item_codes import ItemCodes
from fleet.catalogue.workbook import YES_NO, Row
from fleet.outcomes import later_letter

TASK_TYPES = {
    "01": TaskType.LICENCE, "1": TaskType.LICENCE, "行政许可": TaskType.LICENCE,
    "05": TaskType.PAYMENT, "5": TaskType.PAYMENT, "行政给付": TaskType.PAYMENT,
    "07": TaskType.CONFIRMATION, "7": TaskType.CONFIRMATION, "行政确认": TaskType.CONFIRMATION,
    "10": TaskType.OTHER_POWER, "其他行政权力": TaskType.OTHER_POWER,
    "20": TaskType.PUBLIC_SERVICE, "公共服务": TaskType.PUBLIC_SERVICE,
}  # fmt: skip
PROJECT_TYPES = {
    "即办件": ProjectType.INSTANT, "承诺件": ProjectType.PROMISED, "1": ProjectType.INSTANT, "2": ProjectType.PROMISED
}  # fmt: skip
SERVER_TYPES = {
    "自然人": ServerType.PERSON, "企业法人": ServerType.COMPANY, "1": ServerType.PERSON, "2": ServerType.COMPANY
}  # fmt: skip
ASSURANCES = {"初级": Assurance.LOW, "中级": Assurance.SUBSTANTIAL, "高级": Assurance.HIGH}
WAYS = {way.value: way for way in MaterialWay}
NEEDS = {"必要": MaterialNeed.REQUIRED, "非必要": MaterialNeed.OPTIONAL, "容缺后补": MaterialNeed.LATER}
FORMS = {"原件": MaterialForm.ORIGINAL, "复印件": MaterialForm.COPY, "原件或复印件": MaterialForm.EITHER}
SIDES = {"1": 1, "2": 2}
COLOURS = {"彩色": ColourMode.COLOUR, "灰度": ColourMode.GREY, "黑白": ColourMode.BLACK_AND_WHITE}
READS = {
    "身份证": PaperRead.ID_CARD, "营业执照": PaperRead.BUSINESS_LICENCE, "户口簿页": PaperRead.HOUSEHOLD_PAGE,
    "证照": PaperRead.CERTIFICATE, "表格": PaperRead.FORM,
}  # fmt: skip
SOURCES = {
    "申请人自备": MaterialSource.APPLICANT,
    "政府部门核发": MaterialSource.AUTHORITY,
    "其他": MaterialSource.OTHER,
}

#: Catch-all names that leave the citizen guessing what to bring.
VAGUE = re.compile(
    r"(其他|其它|相关|有关|所需|必要|必需|需要|规定|要求)的?(其他|其它|相关|有关)?的?(证明|申请|佐证|辅助)?(材料|资料|文件|证件|手续)"
    r"|等(相关|有关|证明|其他|其它)*(材料|资料|文件|证件)?$|需要的其他|^(其他|其它)|^(证明|申请|相关)?(材料|资料|文件)$"
)
#: The condition of materials that no situation may be called.
ACTING = "acting"
#: 证照类型代码: letters and digits; a city's own may have hyphens
_LICENCE = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{2,39}")
#: of reuse: ten years, longer than any paper of an office is good for
MOST_MONTHS = 120
_PHONE = re.compile(r"\d[\d-]{2,}\d")


def read_items(
    rows: dict[str, list[Row]],
    codes: ItemCodes,
    themes: set[str],
    departments: dict[str, Department],
    attached: Attachments,
) -> list[ServiceItem]:
    """Every item that has no fault; their forms, files and templates go into `attached`."""
    by_item: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for sheet in ("situations", "materials", "commitments"):
        for row in rows[sheet]:
            task_code = row.text("task_code")
            if task_code and not codes.may_be(task_code) and not row.faulty("task_code"):
                row.fault("task_code", "unknown_item")
            by_item[task_code][sheet].append(row)
    items = []
    sources_of = _sources_of_forms(rows, codes)
    attached.named_by_items = frozenset(sources_of)
    for row in rows["items"]:
        before = len(row.faults)
        # what the other sheets say of an item nobody can tell while its code is broken
        called = row.number not in codes.broken
        parts = by_item[row.optional("task_code")] if called else defaultdict[str, list[Row]](list)
        fields = _basics(row, themes, departments)
        fields |= {"guide": _guide(row, fields["project_type"])}
        situations = _situations(parts["situations"])
        materials = _materials(parts["materials"], situations, _acting(fields))
        fields |= {"situations": situations, "materials": materials}
        fields |= {"commitment": _commitment(row, parts["commitments"]) if called else None}
        follows = any(material.need is MaterialNeed.LATER for material in materials)
        fields |= {"later_letter": later_letter() if follows else None}
        folder = row.optional("dept_code")
        attached.paperwork(row, folder)
        form = _form_name(row)
        questions = attached.form(row, folder, form, sources_of[form]).questions if form else frozenset[str]()
        fields |= {"form": form or None, "result": _result(row, attached, folder, questions)}
        if called and len(row.faults) == before:
            try:
                items.append(ServiceItem.model_validate(fields))
            except ValidationError as error:
                place = ".".join(str(part) for part in error.errors()[0]["loc"])
                row.fault("task_code", "not_accepted", reason=f"{place}: {error.errors()[0]['msg']}")
    attached.check_own_form()
    return items


def _form_name(row: Row) -> str:
    return row.optional("form").removesuffix(".xlsx")


def _sources_of_forms(rows: dict[str, list[Row]], codes: ItemCodes) -> dict[str, frozenset[str] | None]:
    """Form -> what every item that uses it can fill it from; None where the code of one of these is broken."""
    known: dict[str, set[str]] = defaultdict(set)
    for row in rows["situations"]:
        known[row.optional("task_code")].add(f"situation/{row.optional('situation_id')}")
    for row in rows["materials"]:
        if reads := READS.get(row.optional("reads")):
            known[row.optional("task_code")] |= set(sources(row.optional("material_id"), reads, _labels(row)))
    found: dict[str, frozenset[str] | None] = {}
    for row in rows["items"]:
        if name := _form_name(row):
            others = found.get(name, frozenset())
            if others is None or row.number in codes.broken:
                found[name] = None
            else:
                found[name] = others | known[row.optional("task_code")]
    return found


def _basics(row: Row, themes: set[str], departments: dict[str, Department]) -> dict[str, object]:
    task_code, catalog_code = row.optional("task_code"), row.text("catalog_code")
    if catalog_code and not re.fullmatch(r"[A-Za-z0-9]{12}", catalog_code):
        row.fault("catalog_code", "bad_catalog_code")
    theme, dept_code = row.text("theme"), row.text("dept_code")
    if theme and theme not in themes:
        row.fault("theme", "unknown_theme", allowed=" ".join(sorted(themes)))
    if dept_code and dept_code not in departments:
        row.fault("dept_code", "unknown_department", allowed=" ".join(sorted(departments)))
    department = departments.get(dept_code)
    return {
        "task_code": task_code,
        "catalog_code": catalog_code,
        "name": row.words("name"),
        "popular_terms": row.parts("popular_terms"),
        "life_events": row.parts("life_events"),
        "task_type": row.one_of("task_type", TASK_TYPES),
        "project_type": row.one_of("project_type", PROJECT_TYPES),
        "server_types": row.some_of("server_types", SERVER_TYPES),
        "dept_name": department.name if department else Words(zh=""),
        "dept_code": dept_code,
        "theme": theme,
        "minutes": row.whole_number("minutes", least=1),
        "agent_allowed": row.yes("agent_allowed"),
        "assurance": row.one_of_or("assurance", ASSURANCES, Assurance.SUBSTANTIAL),
        "popular_rank": row.whole_number("popular_rank", default=0),
        "at_terminal": row.yes("at_terminal"),
        "later_days": row.whole_number("later_days", default=5, least=1),
        "printing": Printing(
            most_pages=row.whole_number("print_pages", default=10, least=1),
            attempts=row.whole_number("print_attempts", default=3, least=1),
        ),
    }


def _guide(row: Row, project_type: object) -> Guide:
    legal, promise = row.whole_number("legal_days"), row.whole_number("promise_days")
    if project_type is ProjectType.INSTANT and promise != 0:
        row.fault("promise_days", "instant_with_days")
    if project_type is ProjectType.PROMISED and row.optional("promise_days") == "0":
        row.fault("promise_days", "promised_without_days")
    if promise > legal and row.optional("legal_days").isdigit():
        row.fault("promise_days", "promise_longer", legal=str(legal))
    # what a fee would need is not asked for where nobody could read whether there is one
    charged = row.yes("fee_charged") and row.optional("fee_charged") in YES_NO
    for column in ("fee_name", "fee_standard", "fee_basis"):
        if charged and not row.optional(column):
            row.fault(column, "fee_incomplete")
    consult, supervise = row.text("consult"), row.text("supervise")
    phones = set(_phones(consult)), set(_phones(supervise))
    if supervise and (consult == supervise or (phones[0] and phones[0] == phones[1])):
        row.fault("supervise", "same_phone")
    return Guide(
        plain=row.words("plain"),
        condition=row.text("condition"),
        flow=row.text("flow"),
        law=row.text("law"),
        legal_days=legal,
        promise_days=promise,
        fee=Fee(
            charged=charged,
            name=row.optional("fee_name"),
            standard=row.optional("fee_standard"),
            basis=row.optional("fee_basis"),
        ),
        place=row.optional("place"),
        hours=row.optional("hours"),
        consult=consult,
        supervise=supervise,
        visits=row.whole_number("visits", default=0),
    )


def _phones(text: str) -> list[str]:
    return [number.replace("-", "") for number in _PHONE.findall(text)]


def _situations(rows: list[Row]) -> list[Situation]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.text("situation_id")].append(row)
    situations = []
    for situation_id, group in groups.items():
        first, choices, seen = group[0], [], set[str]()
        if situation_id == ACTING:
            first.fault("situation_id", "situation_built_in")
        question = first.words("question")
        for row in group:
            if row.optional("question_zh") not in ("", question.zh):
                row.fault("question_zh", "question_differs")
            value, label = row.text("value"), row.words("label")
            if value in seen:
                row.fault("value", "twice")
            seen.add(value)
            choices.append(Choice(value=value, label=label, help=row.optional_words("choice_help")))
        if len(choices) < 2:
            first.fault("situation_id", "few_choices")
            continue
        situations.append(
            Situation(id=situation_id, question=question, help=first.optional_words("help"), choices=choices)
        )
    return situations


def _acting(fields: dict[str, object]) -> list[str]:
    """For whom the item can be done, as a condition of materials: built in, not asked."""
    allowed = [Acting.SELF] + ([Acting.AGENT] if fields["agent_allowed"] else [])
    server_types = fields["server_types"]
    if isinstance(server_types, list) and ServerType.COMPANY in server_types:
        allowed.append(Acting.COMPANY)
    return [f"{ACTING}={acting}" for acting in allowed]


def _materials(rows: list[Row], situations: list[Situation], acting: list[str]) -> list[Material]:
    allowed = [f"{situation.id}={choice.value}" for situation in situations for choice in situation.choices] + acting
    materials, seen = [], set[str]()
    for row in rows:
        material_id, name = row.text("material_id"), row.words("name")
        if material_id in seen:
            row.fault("material_id", "twice")
        seen.add(material_id)
        if VAGUE.search(name.zh):
            row.fault("name_zh", "vague_material")
        when = [part.replace("＝", "=").replace(" ", "") for part in row.parts("when")]
        for part in when:
            if part not in allowed:
                row.fault("when", "unknown_when", said=part, allowed=" ".join(allowed) or "—")
        licence, reuse_months = _held(row)
        materials.append(
            Material(
                id=material_id,
                name=name,
                way=row.one_of("way", WAYS),
                need=row.one_of("need", NEEDS),
                form=row.one_of("form", FORMS),
                source=row.one_of("source", SOURCES),
                copies=row.whole_number("copies", default=1),
                sides=row.one_of_or("sides", SIDES, 1),
                most_pages=row.whole_number("most_pages", least=1, default=10),
                colour=row.one_of_or("colour", COLOURS, ColourMode.COLOUR),
                reads=_reads(row),
                labels=_labels(row),
                of_applicant=row.one_of_or("of_applicant", YES_NO, True),
                notes=row.optional_words("notes"),
                licence=licence,
                reuse_months=reuse_months,
                when=when,
            )
        )
    return materials


def _reads(row: Row) -> PaperRead | None:
    reads = row.one_of("reads", READS) if row.optional("reads") else None
    if reads and row.optional("way") in WAYS and WAYS[row.optional("way")] is not MaterialWay.SCAN:
        row.fault("reads", "reads_not_scanned")
    if (reads is PaperRead.FORM) is not bool(_labels(row)):
        row.fault("labels", "labels_of_forms")
    return reads


def _labels(row: Row) -> dict[str, str]:
    """Field -> label, of a form of the office's own."""
    pairs = (part.replace("＝", "=").partition("=")[::2] for part in row.parts("labels"))
    return {field.strip(): label.strip() for field, label in pairs if field.strip() and label.strip()}


def _held(row: Row) -> tuple[str, int]:
    """Which licence answers the material, and for how many months an earlier one does."""
    licence = row.optional("licence")
    if licence and not _LICENCE.fullmatch(licence):
        row.fault("licence", "bad_licence")
        licence = ""
    months = row.whole_number("reuse_months", default=0)
    if months > MOST_MONTHS:
        row.fault("reuse_months", "too_many_months", most=str(MOST_MONTHS))
    way = row.optional("way")
    if way == MaterialWay.CARD.value:
        for column in ("licence", "reuse_months"):
            if row.optional(column) not in ("", "0"):
                row.fault(column, "card_is_read")
    if way == MaterialWay.SHARED.value and months and not licence:
        row.fault("reuse_months", "shared_without_licence")
    return licence, min(months, MOST_MONTHS)


def _commitment(row: Row, rows: list[Row]) -> Commitment | None:
    title = row.optional_words("commitment_title")
    ordered = sorted(rows, key=lambda part: part.whole_number("order", least=1))
    paragraphs = [part.words("paragraph") for part in ordered]
    if paragraphs and title is None:
        row.fault("commitment_title_zh", "commitment_without_title")
    if title is not None and not paragraphs:
        row.fault("commitment_title_zh", "commitment_without_paragraphs")
    return Commitment(title=title, paragraphs=paragraphs) if title and paragraphs else None


def _result(row: Row, attached: Attachments, folder: str, questions: frozenset[str]) -> Result | None:
    columns = ("result_name_zh", "result_template", "result_series")
    filled = [row.optional(column) for column in columns]
    if not any(filled):
        return None
    for column, text in zip(columns, filled, strict=True):
        if not text:
            row.fault(column, "result_incomplete")
    name, template, series = row.optional_words("result_name"), filled[1].removesuffix(".typ"), filled[2]
    if series and not re.fullmatch(r"[A-Z]{1,4}", series):
        row.fault("result_series", "bad_series")
    if template:
        attached.template(row, folder, template)
    pairs = [part.partition("=")[::2] for part in row.parts("result_fields")]
    holder = row.parts("result_holder")
    for column, names in (("result_fields", [question for _, question in pairs]), ("result_holder", holder)):
        for question in names:
            if question not in questions:
                row.fault(column, "unknown_question", said=question)
    if len(holder) not in (0, 2):
        row.fault("result_holder", "bad_holder")
    if name is None:
        return None
    fields = [ResultField(label=label, question=question) for label, question in pairs]
    return Result(name=name, template=template, series=series, fields=fields, holder=holder)
