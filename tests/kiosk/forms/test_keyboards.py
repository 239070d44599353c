"""Which keyboard rises for a question of a form."""

from __future__ import annotations

import pytest

from kiosk.forms import Form, Question
from kiosk.journey.fields import keyboard_of
from tests.kiosk.forms.conftest import MakeForm, Row


def question(loaded: Form) -> Question:
    page = loaded.start().page
    assert page is not None
    return page.questions[0]


@pytest.mark.parametrize(
    ("row", "keyboard"),
    [
        ({"q": "text a", "appearance": "numbers"}, "digits"),
        ({"q": "text a", "appearance": "numbers", "constraint": "regex(., '^1[3-9][0-9]{9}$')"}, "digits"),
        ({"q": "text a", "appearance": "numbers", "constraint": "string-length(.) = 6 and . != max(1, 2)"}, "digits"),
        ({"q": "text a", "appearance": "numbers", "bind::bianmin:from": "identity/mobile"}, "number"),
        ({"q": "text a", "appearance": "numbers", "constraint": "regex(., '^[0-9]{17}[0-9Xx]$')"}, "id"),
        ({"q": "text a", "appearance": "numbers", "constraint": 'substr(., 17) != "X"'}, "id"),
        ({"q": "text a", "bind::bianmin:from": "identity/number"}, "id"),
        ({"q": "text a", "constraint": "regex(., '^[0-9]{17}[0-9Xx]$')"}, "pinyin"),
        ({"q": "text a"}, "pinyin"),
        ({"q": "barcode a"}, "latin"),
        ({"q": "integer a"}, "integer"),
        ({"q": "decimal a"}, "decimal"),
        ({"q": "decimal a", "appearance": "money"}, "amount"),
        ({"q": "integer a", "appearance": "money"}, "number"),
        ({"q": "date a"}, "number"),
        ({"q": "geopoint a"}, "digits"),
    ],
)
def test_the_keyboard_has_what_an_answer_may_hold(form: MakeForm, row: Row, keyboard: str) -> None:
    assert keyboard_of(question(form(row))) == keyboard
