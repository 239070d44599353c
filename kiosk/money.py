"""Amounts of money as people write them: 1,234.50 元, and in words that nobody can alter (大写).

Source of the words: 《正确填写票据和结算凭证的基本规定》 一 to 三,
Annex 1 of 《支付结算办法》 (中国人民银行, 银发〔1997〕393号).
Where it allows two ways, the first is written.
"""

from __future__ import annotations

import re

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
#: digits before the point: up to 9,999 万亿
LONGEST = 16
_AMOUNT = re.compile(rf"([0-9]{{1,{LONGEST}}})(?:\.([0-9]{{0,2}}))?")


def _parts(text: str) -> tuple[str, str] | None:
    """Yuan and two digits of fen of an amount as it is typed; None where it is none."""
    found = _AMOUNT.fullmatch(text)
    return (found[1].lstrip("0") or "0", (found[2] or "").ljust(2, "0")) if found else None


def is_amount(text: str) -> bool:
    """Whether `text` is an amount: digits, perhaps a point and up to two more."""
    return _parts(text) is not None


def grouped(text: str) -> str:
    """1234.5 as 1,234.50; "" for what is no amount."""
    parts = _parts(text)
    return f"{int(parts[0]):,}.{parts[1]}" if parts else ""


def in_words(text: str) -> str:
    """1234.5 as 人民币壹仟贰佰叁拾肆元伍角; "" for what is no amount."""
    parts = _parts(text)
    if parts is None:
        return ""
    yuan, jiao, fen = parts[0], parts[1][0], parts[1][1]
    words = _whole(yuan) + "元" if yuan != "0" else ""
    if jiao == fen == "0":
        return f"人民币{words or '零元'}整"
    if jiao != "0":
        # 元位是 0、角位不是 0: 1,680.32 is 壹仟陆佰捌拾元零叁角贰分
        words += "零" * (bool(words) and yuan.endswith("0")) + _DIGITS[int(jiao)] + "角"
    elif words:
        words += "零"
    return f"人民币{words}" + (_DIGITS[int(fen)] + "分" if fen != "0" else "")


def _whole(yuan: str) -> str:
    """Yuan in words: zeros between digits are one 零, zeros at the end of a group none."""
    groups: list[str] = []
    while yuan:
        yuan, group = yuan[:-4], yuan[-4:]
        groups.append(group)
    words, gap = "", False
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place].zfill(4)
        if group == "0000":
            gap = bool(words)
            continue
        for index, digit in enumerate(group):
            if digit == "0":
                gap = gap or bool(words)
                continue
            words += "零" * gap + _DIGITS[int(digit)] + _UNITS[3 - index]
            gap = False
        words += _GROUPS[place]
        # 拾万柒仟, not 拾万零柒仟: a zero that ends a group is not spoken
        gap = False
    return words
