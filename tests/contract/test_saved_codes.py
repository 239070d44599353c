"""The code of a slip: forgiving to read, never misread unnoticed, and a key to nothing but its own."""

from __future__ import annotations

import pytest

from contract.saved_codes import ALPHABET, LENGTH, DoesNotOpen, SavedKey, new_code, read_code, written

NUMBER = "37029919920318002X"


def test_it_is_read_as_people_write() -> None:
    code = next(one for one in iter(new_code, "") if "0" in one[:14] and "1" in one[:14])
    for text in (
        code,
        written(code).lower(),
        f"  {written(code).replace('-', ' ')} ",
        code.replace("0", "o").replace("1", "l"),
        code.replace("1", "I"),
        f"https://localhost:8443/saved?c={code}",
        "".join(chr(ord(character) + 0xFEE0) for character in code),
    ):
        assert read_code(text) == code, text


def test_one_wrong_character_or_two_changed_places_are_never_another_code() -> None:
    for code in (new_code() for _ in range(20)):
        _see_all_misreadings(code)


def _see_all_misreadings(code: str) -> None:
    for place in range(LENGTH):
        for other in ALPHABET:
            wrong = code[:place] + other + code[place + 1 :]
            assert other == code[place] or not read_code(wrong)
    for place in range(LENGTH - 3):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert swapped == code or not read_code(swapped)


@pytest.mark.parametrize("text", ["", "1234", "U" * LENGTH, "汉" * LENGTH, "0" * 400, "https://x.invalid/saved?c="])
def test_what_is_no_code(text: str) -> None:
    assert read_code(text) == ""


def test_codes_differ() -> None:
    assert len({new_code() for _ in range(1000)}) == 1000


def test_it_opens_what_it_sealed_for_the_same_person_only() -> None:
    code = new_code()
    key = SavedKey.of(code)
    sealed = key.seal("王示例".encode(), NUMBER)
    assert SavedKey.of(code).open(sealed, NUMBER).decode() == "王示例"
    assert code not in repr(key) and key.lookup == SavedKey.of(code).lookup
    for other, number, bytes_ in (
        (SavedKey.of(new_code()), NUMBER, sealed),
        (key, NUMBER[:-1] + "1", sealed),
        (key, NUMBER, sealed[:-1]),
        (key, NUMBER, sealed[:5]),
        (key, NUMBER, bytes(40)),
    ):
        with pytest.raises(DoesNotOpen):
            other.open(bytes_, number)
