"""Every kind of question: what may be answered, and how it is kept."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest
from lxml import etree

from kiosk.forms import Form, Refusal
from tests.kiosk.forms.conftest import MakeForm

GOOD_AND_BAD = [
    ("time", ["10:30:00.000+08:00", "23:59:59.999Z"], ["24:00", "10", "10:61", "x", "10:30 pm"]),
    ("geopoint", ["36.07 120.38", "36.07 120.38 12.5 4", "-90 180 0 0"],
     ["36.07", "91 0", "0 181", "a b", "1 2 3 4 5", "36,07 120", "0 0 inf"]),
    ("geotrace", ["36 120; 36.1 120.1", "36 120 0 0; 36.1 120.1 0 0;"], ["36 120", "36 120; x", ""]),
    ("geoshape", ["0 0; 0 1; 1 1; 0 0", "0 0; 0 1; 1 1; 1 0; 0 0;"], ["0 0; 0 1; 1 1", "0 0; 0 1; 0 0"]),
    ("barcode", ["6901234567892", "BM1:ABC"], ["a\x1db"]),
    ("image", ["photo.jpg", "照片 1.png"], ["../photo.jpg", "/etc/passwd", ".hidden", "a\\b", "x" * 300]),
    ("audio", ["a.m4a"], ["a/b"]),
    ("video", ["a.mp4"], ["a/b"]),
    ("file", ["证明.pdf"], ["a/b", ""]),
    ("acknowledge", ["OK"], ["ok", "yes"]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "good", "bad"), GOOD_AND_BAD, ids=[kind for kind, *_ in GOOD_AND_BAD])
def test_an_answer_is_one_of_its_kind(form: MakeForm, kind: str, good: list[str], bad: list[str]) -> None:
    session = form({"q": f"{kind} it"}).start()
    assert session.page is not None and session.page.questions[0].kind == kind
    for value in good:
        assert session.answer("/data/it", value) is None, value
        assert session.value("/data/it") == value
    for value in filter(None, bad):
        assert session.answer("/data/it", value) == Refusal("type", ""), value
        assert session.value("/data/it") == good[-1]


def test_a_time_typed_short_is_kept_whole(form: MakeForm) -> None:
    session = form({"q": "time it"}).start()
    assert session.answer("/data/it", "09:05") is None
    assert session.value("/data/it") == "09:05:00.000"
    assert session.finish().answers == (("/data/it", "it", "09:05:00.000", "09:05"),)


def test_a_moment_is_kept_with_this_clocks_offset(form: MakeForm) -> None:
    session = form({"q": "dateTime it"}).start()
    assert session.answer("/data/it", "2026-11-28T09:05") is None
    kept = session.value("/data/it")
    assert re.fullmatch(r"2026-11-28T09:05:00\.000[+-]\d\d:\d\d", kept)
    for wrong in ("2026-11-28", "2026-13-01T10:00", "x", "2026-11-28T25:00"):
        assert session.answer("/data/it", wrong) == Refusal("type", "")


@pytest.mark.parametrize(
    ("parameters", "kind", "good", "bad"),
    [
        ("start=1 end=10 step=1", "int", ["1", "10", "5"], ["0", "11", "1.5", "x"]),
        ("start=0 end=1 step=0.25", "decimal", ["0", "0.25", "1.00"], ["0.3", "-0.25", "1.25"]),
        ("start=10 end=1 step=3", "int", ["10", "7", "1"], ["9", "13"]),
    ],
)
def test_a_range_takes_whole_steps_within_its_bounds(
    form: MakeForm, parameters: str, kind: str, good: list[str], bad: list[str]
) -> None:
    session = form({"q": "range it", "parameters": parameters}).start()
    question = session.page.questions[0]  # type: ignore[union-attr]
    assert question.kind == "range" and question.bounds == tuple(
        one[one.index("=") + 1 :] for one in parameters.split()
    )
    for value in good:
        assert session.answer("/data/it", value) is None, value
    for value in bad:
        refusal = session.answer("/data/it", value)
        assert refusal is not None and refusal.code in ("bounds", "type"), value


def test_a_hidden_question_is_in_the_instance_and_on_no_page(form: MakeForm) -> None:
    session = form({"q": "hidden secret", "default": "x"}, {"q": "text a"}).start()
    assert [page.path for page in session.pages()] == ["/data/a"]
    assert etree.fromstring(session.finish().instance).findtext("secret") == "x"


def test_a_note_is_shown_and_cannot_be_answered(form: MakeForm) -> None:
    session = form({"q": "text name"}, {"q": "note hello", "label": "您好，${name}"}).start()
    session.answer("/data/name", "王示例")
    question = session.go_to("/data/hello").questions[0]  # type: ignore[union-attr]
    assert (question.kind, question.label, question.computed) == ("note", "您好，王示例", True)


def test_readonly_may_depend_on_an_answer(form: MakeForm) -> None:
    session = form({"q": "text lock"}, {"q": "text it", "readonly": "${lock} = 'yes'"}).start()
    assert session.answer("/data/it", "a") is None
    session.answer("/data/lock", "yes")
    assert session.go_to("/data/it").questions[0].readonly  # type: ignore[union-attr]


def test_what_the_terminal_knows_is_filled_in(form: MakeForm) -> None:
    loaded = form(
        {"q": "start began"}, {"q": "end ended"}, {"q": "today day"}, {"q": "deviceid device"}, {"q": "username who"},
        {"q": "phonenumber phone"}, {"q": "text a"},
    )  # fmt: skip
    session = loaded.start(properties={"deviceid": "T-1", "username": "op"})
    assert session.value("/data/day") == date.today().isoformat()
    assert (session.value("/data/device"), session.value("/data/who"), session.value("/data/phone")) == (
        "T-1",
        "op",
        "",
    )
    assert session.value("/data/ended") == ""
    done = etree.fromstring(session.finish().instance)
    began, ended = (datetime.fromisoformat(str(done.findtext(name))) for name in ("began", "ended"))
    assert began <= ended and began.tzinfo is not None
    assert str(done.findtext("meta/instanceID")).startswith("uuid:")


def test_the_instance_is_named_by_the_form(form: MakeForm) -> None:
    loaded = form({"q": "text a"})
    finished = loaded.start().finish()
    root = etree.fromstring(finished.instance)
    assert (root.tag, root.get("id"), root.get("version")) == ("data", "test", "1")
    assert isinstance(loaded, Form)


def test_a_date_that_is_reckoned_is_a_date(form: MakeForm) -> None:
    xml = form({"q": "date born"}, {"q": "date due", "calculation": "${born} + 30"})
    session = xml.start()
    session.answer("/data/born", "2026-01-31")
    assert session.value("/data/due") == "2026-03-02"


def test_a_prefilled_answer_waits_to_be_confirmed(form: MakeForm) -> None:
    loaded = form({"q": "text town", "bind::bianmin:from": "identity/address"}, {"q": "text b"})
    session = loaded.start(prefill={"identity/address": "海湾路7号"})
    assert not session.page.questions[0].confirmed  # type: ignore[union-attr]
    restored = loaded.restore(session.serialise())
    assert not restored.page.questions[0].confirmed  # type: ignore[union-attr]
    session.confirm("/data/town")
    assert session.page.questions[0].confirmed  # type: ignore[union-attr]
    restored.answer("/data/town", "新路8号")
    assert restored.page.questions[0].confirmed  # type: ignore[union-attr]
    assert loaded.start().page.questions[0].confirmed  # type: ignore[union-attr]


def test_an_older_versions_answers_are_taken_as_far_as_there_are_questions(form: MakeForm) -> None:
    old = form({"q": "text a"}, {"q": "text gone"}).start()
    old.answer("/data/a", "kept")
    new = form({"q": "text a"}, {"q": "text fresh"})
    saved = old.serialise().replace(b'"version": "1"', b'"version": "0"')
    session = new.restore(saved, other_version=True)
    assert (session.value("/data/a"), session.value("/data/fresh")) == ("kept", "")


def test_what_cannot_be_an_answer_is_not_prefilled_but_asked_for(form: MakeForm) -> None:
    session = form(
        {"q": "integer age", "bind::bianmin:from": "identity/age"},
        {"q": "select_one sex sex", "bind::bianmin:from": "identity/sex"},
        choices=("sex 1", "sex 2"),
    ).start(prefill={"identity/age": "old", "identity/sex": "男"})
    assert (session.value("/data/age"), session.value("/data/sex")) == ("", "")
    assert session.page.questions[0].confirmed  # type: ignore[union-attr]
