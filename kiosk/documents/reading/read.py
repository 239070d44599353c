"""One reader for each kind of paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kiosk.documents.page_text import PageText, TextLine
from kiosk.documents.reading.labels import Found, Labels
from kiosk.documents.reading.papers import (
    BusinessLicence,
    Certificate,
    Field,
    HouseholdPage,
    IdCardBack,
    IdCardFront,
    Paper,
    PaperKind,
    Reading,
)
from kiosk.documents.reading.values import (
    SURE_OF_A_WORD,
    a_date,
    a_name,
    a_people,
    a_sex,
    company_code_in,
    dates_in,
    id_number_in,
    taken,
)
from kiosk.identity.numbers import birth_of, sex_of

_TITLE = re.compile(r"[\u4e00-\u9fff（）()]{2,24}(?:证|证书|执照|证明|许可证)")
_NUMBER = re.compile(r"[0-9A-Za-z\u4e00-\u9fff（）()〔〕\[\]\-]*\d{4,}[0-9A-Za-z\-号]*")
_NOT_A_CERTIFICATE = ("居民身份证", "常住人口登记卡")


def read_paper(kind: PaperKind, page: PageText) -> Reading:
    """What `page` says as a paper of this kind."""
    if not page.lines:
        return Reading(kind, None, "no-text")
    reader = _READERS[kind]
    if not _looks_like(kind, page):
        other = _OTHER_SIDE.get(kind)
        return Reading(kind, None, "other-side" if other and _looks_like(other, page) else "another-paper")
    return Reading(kind, reader.read(Labels(page, reader.labels)))


def read_form(labels: Mapping[str, str], page: PageText) -> dict[str, Field] | None:
    """What stands beside the labels of a form of the office's own, by field; None where most labels are not there."""
    rows = Labels(page, labels.values())
    if rows.count(labels.values()) * 2 < len(labels):
        return None
    found = {field: taken(rows.beside(label)) for field, label in labels.items()}
    return {field: value for field, value in found.items() if value is not None}


def _looks_like(kind: PaperKind, page: PageText) -> bool:
    reader = _READERS[kind]
    labels = Labels(page, reader.labels)
    if reader.title and not labels.count(reader.title):
        return False
    return labels.count(reader.labels) >= reader.enough and not labels.count(reader.never)


def _id_card_front(page: Labels) -> IdCardFront:
    number = id_number_in(page.lines)
    return IdCardFront(
        name=taken(page.beside("姓名"), a_name),
        sex=_agreeing(taken(page.beside("性别"), a_sex, SURE_OF_A_WORD), number, sex_of),
        ethnicity=taken(page.beside("民族"), a_people, SURE_OF_A_WORD),
        birth=_agreeing(taken(page.beside("出生"), a_date), number, lambda text: birth_of(text).isoformat()),
        address=taken(page.beside("住址", goes_on=True)),
        number=number,
    )


def _id_card_back(page: Labels) -> IdCardBack:
    validity = page.beside("有效期限")
    return IdCardBack(
        authority=taken(page.beside("签发机关"), a_name),
        valid_from=taken(validity, a_date),
        valid_until=taken(validity, _last_date),
    )


def _business_licence(page: Labels) -> BusinessLicence:
    return BusinessLicence(
        code=company_code_in(page.lines),
        name=taken(page.beside("名称")),
        type=taken(page.beside("类型")),
        representative=taken(page.beside("法定代表人", "经营者", "负责人"), a_name),
        capital=taken(page.beside("注册资本")),
        founded=taken(page.beside("成立日期", "注册日期"), a_date),
        address=taken(page.beside("住所", "经营场所", "营业场所", goes_on=True)),
    )


def _household_page(page: Labels) -> HouseholdPage:
    number = id_number_in(page.lines)
    return HouseholdPage(
        name=taken(page.beside("姓名"), a_name),
        relation=taken(page.beside("户主或与户主关系"), a_name),
        sex=_agreeing(taken(page.beside("性别"), a_sex, SURE_OF_A_WORD), number, sex_of),
        ethnicity=taken(page.beside("民族"), a_people, SURE_OF_A_WORD),
        birth=_agreeing(taken(page.beside("出生日期"), a_date), number, lambda text: birth_of(text).isoformat()),
        number=number,
    )


def _certificate(page: Labels) -> Certificate:
    return Certificate(
        title=_title(page.lines),
        number=taken(page.beside("证书编号", "许可证编号", "编号", "证号"), _a_number),
        holder=taken(page.beside("持证人", "持有人", "经营者名称", "单位名称", "姓名")),
        issued=taken(page.beside("发证日期", "颁发日期", "签发日期"), a_date),
        valid_until=taken(page.beside("有效期至", "有效期限"), _last_date),
    )


def _agreeing(read: Field | None, number: Field | None, told: Callable[[str], str]) -> Field | None:
    """What was read, unless a number whose check digit is right tells otherwise: then one of both is misread."""
    return None if read and number and told(number.value) != read.value else read


def _last_date(text: str) -> str | None:
    if text.endswith("长期"):
        return "长期"
    dates = dates_in(text)
    return dates[-1] if dates else None


def _a_number(text: str) -> str | None:
    return text if _NUMBER.fullmatch(text) else None


def _title(lines: list[TextLine]) -> Field | None:
    """The tallest line that ends as certificates do."""
    titles = [line for line in lines if _TITLE.fullmatch(line.text) and line.top < 0.5]
    if not titles:
        return None
    line = max(titles, key=lambda line: line.bottom - line.top)
    return taken(Found(line.text, line.confidence, (line,)))


@dataclass(frozen=True)
class _Reader:
    """How a kind of paper is known (`enough` of its labels, one of its titles, none of `never`) and read."""

    labels: tuple[str, ...]
    enough: int
    read: Callable[[Labels], Paper]
    title: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


_READERS = {
    PaperKind.ID_CARD_FRONT: _Reader(
        ("姓名", "性别", "民族", "出生", "住址", "公民身份号码"), 4, _id_card_front, ("公民身份号码", "住址")
    ),
    PaperKind.ID_CARD_BACK: _Reader(("签发机关", "有效期限"), 1, _id_card_back, ("居民身份证",)),
    PaperKind.BUSINESS_LICENCE: _Reader(
        (
            "统一社会信用代码",
            "名称",
            "类型",
            "法定代表人",
            "经营者",
            "负责人",
            "注册资本",
            "成立日期",
            "注册日期",
            "住所",
            "经营场所",
            "营业场所",
            "经营范围",
            "登记机关",
        ),
        3,
        _business_licence,
        ("营业执照",),
    ),
    PaperKind.HOUSEHOLD_PAGE: _Reader(
        (
            "姓名",
            "户主或与户主关系",
            "曾用名",
            "性别",
            "出生地",
            "民族",
            "籍贯",
            "出生日期",
            "公民身份证件编号",
            "公民身份号码",
            "文化程度",
            "登记日期",
        ),
        4,
        _household_page,
        ("常住人口登记卡", "户主或与户主关系"),
    ),
    PaperKind.CERTIFICATE: _Reader(
        (
            "证书编号",
            "许可证编号",
            "编号",
            "证号",
            "持证人",
            "持有人",
            "经营者名称",
            "单位名称",
            "姓名",
            "发证机关",
            "发证日期",
            "颁发日期",
            "签发日期",
            "有效期至",
            "有效期限",
            "经营场所",
            "主体业态",
        ),
        2,
        _certificate,
        ("证", "证书", "执照", "证明"),
        _NOT_A_CERTIFICATE,
    ),
}
_OTHER_SIDE = {
    PaperKind.ID_CARD_FRONT: PaperKind.ID_CARD_BACK,
    PaperKind.ID_CARD_BACK: PaperKind.ID_CARD_FRONT,
}
