"""The numbers of people and companies: 公民身份号码 (GB 11643), 统一社会信用代码 (GB 32100), mobile numbers.

Divisions are not compared with a table: withdrawn codes stay on cards and in registers.
"""

from __future__ import annotations

import re
from datetime import date

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
#: 18 characters of the alphabet of GB 32100, which has no I, O, S, V and Z
_USCC = re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{18}(?![0-9A-Z])")


def is_id_number(number: str) -> bool:
    """18 characters, a birth date that was a day, and the check digit of GB 11643-1999 (ISO 7064 MOD 11-2)."""
    try:
        ric.get_birth_date(number)
        return len(number) == 18 and number.isascii() and ric.calc_check_digit(number) == number[-1]
    except (ValidationError, ValueError):
        return False


def birth_of(number: str) -> date:
    """The birth date in a number that checks."""
    return date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}")


def sex_of(number: str) -> str:
    """男 for an odd 17th digit, 女 for an even one."""
    return "男" if int(number[16]) % 2 else "女"


def is_uscc(number: str) -> bool:
    """18 characters of GB 32100-2015's alphabet with its check character (MOD 31)."""
    try:
        return len(number) == 18 and uscc.is_valid(number) and uscc.compact(number) == number
    except (ValidationError, ValueError):
        return False


def is_mobile(number: str) -> bool:
    """Eleven digits, beginning with 13 to 19; no list of carriers' segments, new ones keep coming."""
    return _MOBILE.fullmatch(number) is not None


def uscc_in(text: str) -> str:
    """The first 统一社会信用代码 in the text of a business licence's QR, which is a URL or plain text; "" for none."""
    return next((found for found in _USCC.findall(text.upper()) if is_uscc(found)), "")
