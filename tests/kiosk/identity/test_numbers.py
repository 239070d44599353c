"""Numbers of people and companies, against the examples python-stdnum itself publishes, and what those do not try."""

from __future__ import annotations

import doctest
from datetime import date
from types import ModuleType

import pytest
from stdnum.cn import ric, uscc

from kiosk.identity.numbers import birth_of, is_id_number, is_mobile, is_uscc, sex_of, uscc_in


def published(module: ModuleType) -> list[tuple[str, bool]]:
    """(number, whether the module says that it is valid) of every `validate` in the module's own documentation."""
    found = []
    for example in doctest.DocTestParser().get_examples(module.__doc__ or ""):
        if example.source.startswith("validate("):
            number = example.source.partition("'")[2].partition("'")[0]
            found.append((number, example.exc_msg is None))
    return found


@pytest.mark.parametrize(("number", "good"), published(uscc))
def test_stdnums_published_companies(number: str, good: bool) -> None:
    assert is_uscc(number) is good


@pytest.mark.parametrize(("number", "good"), published(ric))
def test_stdnums_published_people(number: str, good: bool) -> None:
    assert is_id_number(number) is good


def test_there_are_published_examples() -> None:
    assert len(published(uscc)) > 2 and published(ric)


#: of python-stdnum's tests/test_cn_ric.doctest and test_cn_uscc.doctest, as their authors judge them
@pytest.mark.parametrize(
    ("number", "good"),
    [
        ("360426199101010071", True),
        ("44011320141005001X", True),
        ("412723199010050012", True),
        ("110102199101010078", True),
        ("T60426199101010078", False),
        ("360426199113010079", False),
        ("36042619910102009X", False),
        # stdnum refuses a division its table lacks; withdrawn ones stay on cards, so this terminal does not
        ("990426199112010074", True),
    ],
)
def test_stdnums_own_tests_of_people(number: str, good: bool) -> None:
    assert is_id_number(number) is good


@pytest.mark.parametrize(
    ("number", "good"),
    [
        ("91110000600037341L", True),
        ("121200004013590816", True),
        ("91620105L015101280", True),
        ("91340600MA2PBM9HXD", True),
        ("9131012056010553X5", True),
        ("12345", False),
        ("A1110000600037341L", False),
        ("9111000060003IOZSV", False),
        ("91110000600037341N", False),
    ],
)
def test_stdnums_own_tests_of_companies(number: str, good: bool) -> None:
    assert is_uscc(number) is good


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])
def test_vectors_of_the_standard(number: str) -> None:
    assert is_id_number(number)
    for place in range(18):
        other = number[:place] + ("1" if number[place] != "1" else "2") + number[place + 1 :]
        assert not is_id_number(other), place


def test_what_a_number_says() -> None:
    assert birth_of("11010519491231002X") == date(1949, 12, 31)
    assert (sex_of("11010519491231002X"), sex_of("440524188001010014")) == ("女", "男")


@pytest.mark.parametrize("number", ["91350100M000100Y43", "91370299MA0000001J"])
def test_every_single_mistake_in_a_company_number_is_found(number: str) -> None:
    assert is_uscc(number)
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    for place in range(18):
        for other in alphabet:
            if other != number[place]:
                assert not is_uscc(number[:place] + other + number[place + 1 :])


@pytest.mark.parametrize("number", ["", "91350100M000100Y4", "91350100M000100Y433", "91350100m000100y43", "9" * 18,
                                    "91350100 000100Y43", "91350100M00010OY43"])  # fmt: skip
def test_no_company_number(number: str) -> None:
    assert not is_uscc(number)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("http://www.gsxt.gov.cn/index.html?uniscid=91370299MA0000001J", "91370299MA0000001J"),
        ("统一社会信用代码：91370299MA0000001J\n名称：示例商贸有限公司", "91370299MA0000001J"),
        ("https://x.invalid/q?c=91370299ma0000001j&n=1", "91370299MA0000001J"),
        # a longer run of letters and digits is another number that only holds one
        ("A91370299MA0000001J", ""),
        ("91370299MA0000001K", ""),
        ("37029919920318002X", ""),
        ("", ""),
    ],
)
def test_a_business_licences_code(text: str, found: str) -> None:
    assert uscc_in(text) == found


@pytest.mark.parametrize(
    ("number", "good"),
    [("13800000026", True), ("19912345678", True), ("12800000026", False), ("1380000002", False),
     ("138000000261", False), ("１３８００００００２６", False), ("+8613800000026", False), ("", False)],
)  # fmt: skip
def test_mobile_numbers(number: str, good: bool) -> None:
    assert is_mobile(number) is good
