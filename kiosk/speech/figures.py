"""Figures in a Chinese text, written as they are said: 3,200.50元 is 三千二百元五角, an ID number digit by digit.

Where a 1 might be heard as a 7, in numbers said digit by digit, it is 幺 (yāo), as on the telephone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_DIGITS = "零一二三四五六七八九"
_PLACES = ("", "十", "百", "千")
_GROUPS = ("", "万", "亿", "万亿")
#: digits without a separator that are no amount any more but a number of something
LONG = 7
#: two of these are 两, not 二
_COUNTED = (
    "个|位|名|次|份|天|年|周|岁|张|本|页|件|条|项|种|家|间|户|套|台|部|辆|笔|元|块|小时|分钟|星期|人|遍|回|步|面|边|者|倍|米|公里|"
    "公斤|斤|吨|把|只|支|枚|寸|代|句|段|处|轮"
)
_AMOUNT = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_NAMED = r"(?:电话|热线|拨打|编号|号码|尾号|证号|单号|案号|代码|验证码|取件码|邮编|账号|卡号|手机|座机|传真|工号)"


def cardinal(digits: str) -> str:
    """A whole number: 10 is 十, 110 一百一十, 20005 两万零五. Longer than sixteen digits is said digit by digit."""
    digits = digits.lstrip("0")
    if not digits:
        return _DIGITS[0]
    if len(digits) > 16:
        return one_by_one(digits)
    said, gap = "", False
    width = -(-len(digits) // 4) * 4
    for at in range(0, width, 4):
        group = digits.rjust(width, "0")[at : at + 4]
        if group == "0000":
            gap = bool(said)
            continue
        said += (_DIGITS[0] if said and (gap or group[0] == "0") else "") + _thousands(group)
        said += _GROUPS[(width - at) // 4 - 1]
        gap = False
    if said.startswith("一十"):
        said = said[1:]
    return "两" + said[1:] if re.match("二[千万亿]", said) else said


def _thousands(group: str) -> str:
    said = ""
    for place, digit in enumerate(group):
        if digit != "0":
            said += _DIGITS[int(digit)] + _PLACES[3 - place]
        elif said and any(rest != "0" for rest in group[place:]) and not said.endswith(_DIGITS[0]):
            said += _DIGITS[0]
    return said


def one_by_one(digits: str) -> str:
    """Digit by digit; three or more with 幺 for 1. What is no digit stays."""
    one = "幺" if len(digits) > 2 else "一"
    return "".join(one if each == "1" else _DIGITS[int(each)] if each.isdigit() else each for each in digits)


def figures(text: str) -> str:
    """`text` without any figure: dates, times, money, percentages, ranges and numbers as a speaker would say them."""
    text = _SPACED.sub("", "".join(map(_plain, text)))
    for pattern, said in _RULES:
        text = pattern.sub(said, text)
    return text


def _plain(character: str) -> str:
    """Full-width letters and figures as the common ones, ① as 1; superscripts and other scripts' digits too."""
    if "！" <= character <= "～" and character not in "，：；！？（）":
        return unicodedata.normalize("NFKC", character)
    value = unicodedata.numeric(character, None) if not character.isascii() and not _han(character) else None
    return f" {value:g} " if value is not None else character


def _han(character: str) -> bool:
    return unicodedata.category(character) == "Lo" or character == "〇"


def _decimal(amount: str) -> str:
    whole, point, rest = amount.replace(",", "").partition(".")
    return cardinal(whole) + ("点" + "".join(_DIGITS[int(each)] for each in rest) if point else "")


def _masked(found: re.Match[str]) -> str:
    return f"{one_by_one(found[1])}，尾号{one_by_one(found[2])}"


def _date(found: re.Match[str]) -> str:
    return f"{_year(found[1])}年{cardinal(found[2])}月{cardinal(found[3])}日"


def _year(digits: str) -> str:
    return "".join(_DIGITS[int(each)] for each in digits)


def _time(found: re.Match[str]) -> str:
    minutes = found[2]
    past = "" if minutes == "00" else f"{_DIGITS[0] if minutes[0] == '0' else ''}{cardinal(minutes)}分"
    return f"{_counted(found[1], '点')}{past}"


def _money(found: re.Match[str]) -> str:
    whole, _, rest = found["amount"].replace(",", "").partition(".")
    if len(rest) > 2:
        return _decimal(found["amount"]) + "元"
    tenth, hundredth = rest[:1] or "0", rest[1:] or "0"
    parts = _counted(whole, "元") if whole.strip("0") or not rest.strip("0") else ""
    parts += _DIGITS[int(tenth)] + "角" if tenth != "0" else _DIGITS[0] if hundredth != "0" and parts else ""
    return parts + (_DIGITS[int(hundredth)] + "分" if hundredth != "0" else "")


def _percent(found: re.Match[str]) -> str:
    return f"{'百' if found[2] == '%' else '千'}分之{_decimal(found[1])}"


def _code(found: re.Match[str]) -> str:
    """Letters and figures together, or a telephone number: each by itself, with a pause where a dash is."""
    runs = re.findall(r"\d+|[^\d-]+|-", found[0])
    long = sum(map(str.isdigit, found[0])) > 2
    return "".join(
        "，" if run == "-" else one_by_one(run).replace("一", "幺" if long else "一") if run.isdigit() else run
        for run in runs
    )


def _range(found: re.Match[str]) -> str:
    unit = found[3] or ""
    return f"{_decimal(found[1])}到{_counted(found[2], unit)}"


def _counted(digits: str, unit: str) -> str:
    return ("两" if digits in ("2", "02") and unit else _decimal(digits)) + unit


def _number(found: re.Match[str]) -> str:
    digits = found[1]
    if len(digits) >= LONG or (len(digits) > 1 and digits[0] == "0"):
        return one_by_one(digits) + (found[2] or "")
    return _counted(digits, found[2] or "")


#: 2026 年: the space people put between figures and characters
_SPACED = re.compile(r"(?<=\d) +(?=[一-鿿])")
_Said = Callable[[re.Match[str]], str]
#: the first that fits wins, since nothing of what it says is a figure
_RULES: tuple[tuple[re.Pattern[str], str | _Said], ...] = (
    (re.compile(r"(\d[\dXx]*)\s*\*[*\s]*([\dXx]+)"), _masked),
    (re.compile(r"\*+"), "，"),
    (re.compile(r"(?<![\d-])(\d{4})[-/.](0?[1-9]|1[0-2])[-/.](0?[1-9]|[12]\d|3[01])(?![\d-])"), _date),
    (re.compile(r"((?:19|20|21)\d\d)\s*(?=年)"), lambda found: _year(found[1])),
    (
        re.compile(r"((?:19|20|21)\d\d)(?=\s*[-－—~～至到]\s*(?:19|20|21|[一二])[\d零一二三四五六七八九]+年)"),
        lambda found: _year(found[1]),
    ),
    (re.compile(r"(?<![\d:])([01]?\d|2[0-4]):([0-5]\d)(?::[0-5]\d)?(?![\d:])"), _time),
    (re.compile(rf"[¥￥]\s*(?P<amount>{_AMOUNT})\s*元?"), _money),
    (re.compile(rf"(?<![\w.])(?P<amount>{_AMOUNT})\s*元"), _money),
    (re.compile(r"(?<=[元次件])/(?=[月年人天次户份张件])"), "每"),
    (re.compile(rf"({_AMOUNT})\s*([%‰])"), _percent),
    (
        re.compile(rf"({_NAMED}\s*[:：是为]?\s*)(\d[\d-]*)"),
        lambda found: found[1] + one_by_one(found[2]).replace("-", "，"),
    ),
    (re.compile(r"(?<=第)\s*(\d+)"), lambda found: cardinal(found[1]).replace("两", "二")),
    (re.compile(r"(?<![\d.,])\d{4,}(?=\s*(?:号|热线))"), lambda found: one_by_one(found[0])),
    (re.compile(r"(?<![\w.])(?=[\w-]*[A-Za-z])(?=[\w-]*\d)[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*", re.ASCII), _code),
    (re.compile(r"(?<![\w.])(?:0\d+|\d{5,})(?:-\d+)+|(?<![\w.])\d+(?:-\d+)*-\d{5,}", re.ASCII), _code),
    (re.compile(rf"({_AMOUNT})\s*[-－—~～]\s*({_AMOUNT})(?:\s*({_COUNTED}))?"), _range),
    (re.compile(r"(\d+)/(\d+)"), lambda found: f"{cardinal(found[2])}分之{cardinal(found[1])}"),
    (re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+"), lambda found: _decimal(found[0])),
    (re.compile(r"(\d+)(?=\s*[万亿])"), lambda found: "两" if found[1] == "2" else cardinal(found[1])),
    (re.compile(rf"(\d+)(?:\s*({_COUNTED}))?"), _number),
    (re.compile(rf"(?<=[{_DIGITS}十年月日点分])\s*[-－—~～]\s*(?=[{_DIGITS}十两])"), "到"),
)
