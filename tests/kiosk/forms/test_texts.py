"""Labels, hints, guidance and media, in every language of a form."""

from __future__ import annotations

import pytest

from kiosk.forms import FormSession, Question
from tests.kiosk.forms.conftest import MakeForm


def first(session: FormSession) -> Question:
    page = session.page
    assert page is not None
    return page.questions[0]


@pytest.mark.parametrize(("chinese", "english"), [("zh", "en"), ("中文 (zh)", "English (en)")])
def test_texts_are_in_the_language_asked_for(form: MakeForm, chinese: str, english: str) -> None:
    loaded = form(
        {"q": "text a", f"label::{chinese}": "姓名", f"label::{english}": "Name", f"hint::{chinese}": "照证件写",
         f"guidance_hint::{chinese}": "生僻字也可以手写", f"guidance_hint::{english}": "Rare characters too"},
    )  # fmt: skip
    session = loaded.start("zh")
    question = first(session)
    assert (question.label, question.hint, question.guidance) == ("姓名", "照证件写", "生僻字也可以手写")
    session.language = "en"
    question = first(session)
    # what a language lacks is shown in one that has it
    assert (question.label, question.hint, question.guidance) == ("Name", "照证件写", "Rare characters too")


def test_a_language_the_form_does_not_have_is_its_default(form: MakeForm) -> None:
    loaded = form({"q": "text a", "label::zh": "甲", "label::en": "A"})
    assert first(loaded.start("fr")).label == first(loaded.start()).label


def test_answers_stand_in_labels_hints_and_messages(form: MakeForm) -> None:
    session = form(
        {"q": "text name"},
        {"q": "integer age", "label": "${name}多大？", "hint": "${name}，周岁", "constraint": ". < 150",
         "constraint_message": "${name}没有这么大"},
    )  # fmt: skip
    session = session.start()
    session.answer("/data/name", "小明")
    page = session.go_to("/data/age")
    assert page is not None and (page.title, page.hint) == ("小明多大？", "小明，周岁")
    refusal = session.answer("/data/age", "999")
    assert refusal is not None and refusal.message == "小明没有这么大"


def test_media_stand_beside_a_label(form: MakeForm) -> None:
    session = form(
        {"q": "text a", "label::zh": "甲", "media::image::zh": "a.png", "media::big-image::zh": "big.png",
         "media::audio::zh": "a.mp3", "media::video::zh": "a.mp4"},
    ).start("zh")  # fmt: skip
    assert first(session).media == {
        "image": "jr://images/a.png", "big-image": "jr://images/big.png", "audio": "jr://audio/a.mp3",
        "video": "jr://video/a.mp4",
    }  # fmt: skip


def test_a_calculated_text_changes_with_the_language(form: MakeForm) -> None:
    session = form(
        {"q": "text a", "label::zh": "甲", "label::en": "A"},
        {"q": "date day", "label::zh": "日", "label::en": "D", "default": "2026-11-28"},
        {"q": "calculate said", "calculation": "format-date(${day}, '%b %a')"},
    ).start("zh")
    assert session.value("/data/said") == "11月 周六"
    session.language = "en"
    assert session.value("/data/said") == "Nov Sat"
