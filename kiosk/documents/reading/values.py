"""From found text to a field's value, or None where it cannot be that field's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date

from kiosk.documents.page_text import TextLine
from kiosk.documents.reading.labels import Found
from kiosk.documents.reading.papers import Field
from kiosk.identity.numbers import is_id_number, uscc_in

#: Below this the recogniser is wrong too often: measured, its errors on photographed papers lie under 0.9.
SURE = 0.9
#: Where only words of a short list will do, less is enough.
SURE_OF_A_WORD = 0.8

_DATE = re.compile(r"(\d{4})[年.\-/](\d{1,2})[月.\-/](\d{1,2})")
_ID_NUMBER = re.compile(r"(?<![0-9A-Z])\d{17}[0-9X](?![0-9A-Z])")
_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]+(?:[·•][\u3400-\u9fff]+)*")
#: The 56 of GB/T 3304.
_PEOPLES = """
汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇
柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔
独龙 鄂伦春 赫哲 门巴 珞巴 基诺"""
PEOPLES = frozenset(_PEOPLES.split())


def taken(
    found: Found | None, value: Callable[[str], str | None] = lambda text: text, sure: float = SURE
) -> Field | None:
    """The field, where the recogniser is sure and `value` knows what to make of its text."""
    if found is None or found.confidence < sure:
        return None
    text = value(found.text)
    return Field(text, found.confidence, lines=found.lines) if text else None


def a_name(text: str) -> str | None:
    """A person's or a place's name: Chinese characters, with · between parts."""
    return text if _NAME.fullmatch(text) and len(text) >= 2 else None


def a_sex(text: str) -> str | None:
    """男 or 女."""
    return text if text in ("男", "女") else None


def a_people(text: str) -> str | None:
    """One of the 56, without 族."""
    return next((name for name in (text, text.removesuffix("族")) if name in PEOPLES), None)


def a_date(text: str) -> str | None:
    """The first date, as ISO 8601; only one that was a day."""
    return dates_in(text)[0] if dates_in(text) else None


def dates_in(text: str) -> list[str]:
    """Every date, as ISO 8601."""
    found = []
    for year, month, day in _DATE.findall(text):
        try:
            found.append(date(int(year), int(month), int(day)).isoformat())
        except ValueError:
            return []
    return found


def id_number_in(lines: Iterable[TextLine]) -> Field | None:
    """The one 公民身份号码 among the lines whose check digit is right; None where there are two."""
    found = {
        number: Field(number, line.confidence, True, (line,))
        for line in lines
        for number in _ID_NUMBER.findall(line.text.upper())
        if is_id_number(number)
    }
    return next(iter(found.values())) if len(found) == 1 else None


def company_code_in(lines: Iterable[TextLine]) -> Field | None:
    """The 统一社会信用代码 whose check character is right. Its alphabet has no O and I: those are 0 and 1."""
    for line in lines:
        text = line.text.upper().replace("O", "0").replace("I", "1")
        if code := uscc_in(text.removeprefix("统一社会信用代码")):
            return Field(code, line.confidence, True, (line,))
    return None
