"""Numbers of cards for foreigners' permanent residence: the check digits, and the old number behind a new one."""

from __future__ import annotations

import string

# GB 11643 / ISO 7064 MOD 11-2, as on all 18-character numbers.
_WEIGHTS_18 = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS_18 = "10X98765432"
# The 15-character number of 2017: A=10 … Z=35, '<' fills a short country code and counts 0.
_VALUES_15 = {character: value for value, character in enumerate(string.digits + string.ascii_uppercase)} | {"<": 0}
_WEIGHTS_15 = (7, 3, 1)


def check_digit_18(first: str) -> str:
    """The 18th character of a number that begins with these 17 digits. Raises ValueError."""
    if len(first) != 17 or not (first.isascii() and first.isdecimal()):
        raise ValueError("17 digits")
    return _CHECKS_18[sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS_18, strict=True)) % 11]


def check_digit_15(first: str) -> str:
    """The 15th character of a number that begins with these 14. Raises ValueError."""
    if len(first) != 14 or any(character not in _VALUES_15 for character in first):
        raise ValueError("14 digits, capitals or '<'")
    return str(sum(_VALUES_15[character] * _WEIGHTS_15[at % 3] for at, character in enumerate(first)) % 10)


def number_checks(number: str) -> bool:
    """Whether the last character of an 18- or 15-character number is the one its rule gives."""
    try:
        return number[-1:] == (check_digit_18(number[:-1]) if len(number) == 18 else check_digit_15(number[:-1]))
    except ValueError:
        return False


def old_number(country: str, number: str, association: str) -> str:
    """The 15-character number the holder of a 2023 card had before; "" where the card does not say enough.

    country(3) + number[1:3] + association[0:2] + number[8:14] + association[2] + check, by the field's public tables.
    """
    association = association.strip()
    if len(association) != 3 or len(number) != 18 or not 0 < len(country) <= 3:
        return ""
    first = country.ljust(3, "<") + number[1:3] + association[:2] + number[8:14] + association[2]
    try:
        return first + check_digit_15(first)
    except ValueError:
        return ""
