"""Filling in a form: answers, rules, relevance, calculation, dates, pages, languages, saving."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from pyxform.xls2xform import convert

from kiosk.forms import Form, FormError, FormSession, Incomplete, Refusal
from kiosk.forms.errors import UnknownQuestion
from kiosk.forms.kinds import TEXT_LIMIT
from tests.kiosk.forms.conftest import MakeForm

TODAY = date.today()
YES_NO = ("yes_no yes", "yes_no no")


# answers


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("integer", ["0", "-7", "+7", "123456789"], ["1.5", "x", "1e3", "1234567890", "１２", "١٢", "1 2", "--1"]),
        ("decimal", ["0.5", "-7", "1.250000"], ["x", ".", "1,5", "1e3", "inf", "１.５"]),
        (
            "date",
            ["2024-02-29", "1900-01-01"],
            ["2023-02-29", "2024-2-9", "20240209", "2024-W01-1", "x", "２０２４-02-09"],
        ),
        ("acknowledge", ["OK"], ["yes", "ok"]),
        ("text", ["王示例", "𠮷", "a\nb", "<&>'\""], ["x" * (TEXT_LIMIT + 1), "a\x00b", "a\x1db", "\ud800", "\ufffe"]),
        ("select_one yes_no", ["yes"], ["maybe", "yes no", "Yes"]),
        ("select_multiple yes_no", ["yes", "yes no", " no  yes "], ["yes maybe"]),
    ],
)
def test_an_answer_is_taken_only_if_it_is_of_the_questions_kind(
    form: MakeForm, kind: str, good: list[str], bad: list[str]
) -> None:
    session = form({"q": f"{kind} it"}, choices=YES_NO).start()
    for value in good:
        assert session.answer("/data/it", value) is None
        assert session.value("/data/it") == " ".join(value.split(" ")).strip().replace("  ", " ")
    kept = session.value("/data/it")
    for value in bad:
        refusal = session.answer("/data/it", value)
        assert refusal is not None and refusal.code == ("choice" if "yes_no" in kind else "type"), value
        assert session.value("/data/it") == kept
    assert session.answer("/data/it", "") is None
    assert session.value("/data/it") == ""


@pytest.mark.parametrize(
    "path", ["/data/nowhere", "/data", "", "/data/hello", "/data/fixed", "/data/sum", "/data/meta/instanceID"]
)
def test_only_questions_can_be_answered(form: MakeForm, path: str) -> None:
    session = form(
        {"q": "text a"}, {"q": "note hello"}, {"q": "text fixed", "readonly": "yes"},
        {"q": "calculate sum", "calculation": "1 + 1"},
    ).start()  # fmt: skip
    with pytest.raises(UnknownQuestion):
        session.answer(path, "x")


def test_a_constraint_refuses_with_the_forms_words_and_leaves_the_form_as_it_was(form: MakeForm) -> None:
    session = form(
        {"q": "integer age", "constraint": ". >= 60", "constraint_message": "60 or more"},
        {"q": "calculate double", "calculation": "${age} * 2"},
        {"q": "text why", "relevant": "${age} > 90"},
    ).start()
    assert session.answer("/data/age", "70") is None
    before = session.serialise()
    assert session.answer("/data/age", "5") == Refusal("constraint", "60 or more")
    assert session.serialise() == before
    assert (session.value("/data/age"), session.value("/data/double")) == ("70", "140")
    assert [page.path for page in session.pages()] == ["/data/age"]


def test_what_is_written_and_refused_can_be_kept_and_is_a_problem_until_it_is_answered(form: MakeForm) -> None:
    loaded = form(
        {"q": "begin_repeat child", "label": "child"},
        {"q": "integer age", "constraint": ". < 18", "constraint_message": "under 18"},
        {"q": "end_repeat"},
    )
    session = loaded.start()
    session.add_repeat("/data/child")
    session.add_repeat("/data/child")
    session.answer("/data/child[3]/age", "12")
    session.keep("/data/child[3]/age", "12x")
    session.remove_repeat("/data/child[1]")
    session = loaded.restore(session.serialise())
    session.go_to("/data/child[2]/age")
    assert session.page is not None
    [question] = session.page.questions
    assert (question.value, question.draft) == ("12", "12x")
    assert list(session.problems()) == ["/data/child[2]/age"]
    with pytest.raises(Incomplete):
        session.finish()
    session.keep("/data/child[2]/age", "40")
    assert session.answer("/data/child[2]/age", "41") == Refusal("constraint", "under 18")
    assert session.problems() == {"/data/child[2]/age": "under 18"}
    assert session.answer("/data/child[2]/age", "13") is None
    assert session.problems() == {}
    assert b"12x" not in session.serialise()
    session.finish()


def test_an_empty_answer_is_not_asked_whether_it_keeps_the_constraint(form: MakeForm) -> None:
    session = form({"q": "integer age", "constraint": ". >= 60"}).start()
    assert session.answer("/data/age", "") is None
    assert session.problems() == {}


def test_a_constraint_another_answer_breaks_later_is_a_problem(form: MakeForm) -> None:
    session = form(
        {"q": "integer most"}, {"q": "integer wanted", "constraint": ". <= ${most}", "constraint_message": "too much"}
    ).start()
    session.answer("/data/most", "10")
    assert session.answer("/data/wanted", "8") is None
    session.answer("/data/most", "5")
    with pytest.raises(Incomplete) as error:
        session.finish()
    assert error.value.problems == {"/data/wanted": "too much"}


def test_a_required_answer_is_asked_for_with_the_forms_words(form: MakeForm) -> None:
    session = form(
        {"q": "text name", "required": "yes", "required_message": "Your name, please"}, {"q": "text b"}
    ).start()
    assert session.problems() == {"/data/name": "Your name, please"}
    with pytest.raises(Incomplete) as error:
        session.finish()
    assert error.value.problems == {"/data/name": "Your name, please"}
    session.answer("/data/name", "   ")
    assert session.problems() != {}
    session.answer("/data/name", "王")
    assert session.problems() == {}
    session.finish()


def test_an_answer_can_be_required_depending_on_another(form: MakeForm) -> None:
    session = form({"q": "text a"}, {"q": "text b", "required": "${a} != ''"}).start()
    session.finish()
    session.answer("/data/a", "x")
    with pytest.raises(Incomplete):
        session.finish()


def test_choices_show_their_labels_in_the_finished_form(form: MakeForm) -> None:
    session = form(
        {"q": "select_multiple uses use"}, choices=("uses bus", "uses park"), labels={"bus": "坐公交", "park": "进公园"}
    ).start()
    assert session.page is not None
    assert [(c.value, c.label) for c in session.page.questions[0].choices] == [("bus", "坐公交"), ("park", "进公园")]
    session.answer("/data/use", "park bus")
    assert session.finish().answers == (("/data/use", "use", "park bus", "进公园、坐公交"),)


# relevance


def with_group(form: MakeForm) -> FormSession:
    return form(
        {"q": "select_one yes_no moved"},
        {"q": "begin_group old", "label": "O", "relevant": "${moved} = 'yes'"},
        {"q": "text street"},
        {"q": "begin_group more", "label": "M"},
        {"q": "text number", "required": "yes"},
        {"q": "end_group"},
        {"q": "end_group"},
        {"q": "calculate address", "calculation": "concat(${street}, ${number})"},
        choices=YES_NO,
    ).start()


def test_a_group_that_is_not_relevant_hides_all_within_and_blanks_its_values(form: MakeForm) -> None:
    session = with_group(form)
    assert [page.path for page in session.pages()] == ["/data/moved"]
    session.answer("/data/moved", "yes")
    assert [page.path for page in session.pages()] == ["/data/moved", "/data/old/street", "/data/old/more/number"]
    session.answer("/data/old/street", "海湾路")
    session.answer("/data/old/more/number", "7")
    assert session.value("/data/address") == "海湾路7"
    session.answer("/data/moved", "no")
    assert session.value("/data/old/street") == session.value("/data/address") == ""
    instance = etree.fromstring(session.finish().instance)
    assert instance.find("old") is None and instance.findtext("moved") == "no"


def test_answers_come_back_when_they_are_relevant_again(form: MakeForm) -> None:
    session = with_group(form)
    for path, value in (
        ("moved", "yes"),
        ("old/street", "海湾路"),
        ("old/more/number", "7"),
        ("moved", "no"),
        ("moved", "yes"),
    ):
        assert session.answer(f"/data/{path}", value) is None
    assert session.value("/data/address") == "海湾路7"
    assert etree.fromstring(session.finish().instance).findtext("old/more/number") == "7"


def test_a_hidden_required_question_does_not_keep_the_form_from_being_finished(form: MakeForm) -> None:
    session = with_group(form)
    session.finish()
    session.answer("/data/moved", "yes")
    with pytest.raises(Incomplete) as error:
        session.finish()
    assert list(error.value.problems) == ["/data/old/more/number"]


def test_relevance_goes_through_several_questions(form: MakeForm) -> None:
    rows = [{"q": "text q0"}] + [{"q": f"text q{n}", "relevant": f"${{q{n - 1}}} = 'x'"} for n in range(1, 6)]
    session = form(*rows).start()
    for n in range(6):
        assert len(session.pages()) == n + 1
        if n < 5:
            session.answer(f"/data/q{n}", "x")
    session.answer("/data/q0", "y")
    assert len(session.pages()) == 1
    session.answer("/data/q0", "x")
    assert len(session.pages()) == 6


# calculation


def test_calculations_follow_each_other_in_whatever_order_they_stand(form: MakeForm) -> None:
    session = form(
        {"q": "calculate total", "calculation": "${net} + ${tax}"},
        {"q": "calculate tax", "calculation": "${net} * 0.1"},
        {"q": "calculate net", "calculation": "${price} * ${count}"},
        {"q": "integer price"},
        {"q": "integer count"},
    ).start()
    assert session.value("/data/total") == ""
    session.answer("/data/price", "100")
    session.answer("/data/count", "3")
    assert session.value("/data/total") == "330"
    session.answer("/data/count", "4")
    assert session.value("/data/total") == "440"
    assert ("/data/total", "", "440", "440") in session.finish().answers


def test_once_stays_what_it_was_also_after_a_restart(form: MakeForm) -> None:
    loaded = form({"q": "text a"}, {"q": "calculate number", "calculation": "once(uuid())"})
    session = loaded.start()
    number = session.value("/data/number")
    assert len(number) == 36
    assert loaded.restore(session.serialise()).value("/data/number") == number


# dates


@pytest.mark.parametrize(
    ("constraint", "good", "bad"),
    [
        (". <= today()", TODAY, TODAY + timedelta(1)),
        (". < today()", TODAY - timedelta(1), TODAY),
        ("today() >= .", TODAY, TODAY + timedelta(1)),
        (". >= today() - 30", TODAY - timedelta(30), TODAY - timedelta(31)),
        (". = today()", TODAY, TODAY - timedelta(1)),
        (". != today()", TODAY - timedelta(1), TODAY),
        (". >= date('2020-01-01')", date(2020, 1, 1), date(2019, 12, 31)),
        (". >= '2020-01-01'", date(2020, 1, 1), date(2019, 12, 31)),
        (". = '2020-01-01'", date(2020, 1, 1), date(2020, 1, 2)),
        ("'2020-01-01' <= .", date(2020, 1, 1), date(2019, 12, 31)),
        ("(today() - .) div 365.25 >= 60", TODAY - timedelta(22000), TODAY - timedelta(20000)),
        (". <= ${other}", date(2010, 5, 5), date(2010, 5, 6)),
        ("${other} >= .", date(2010, 5, 5), date(2010, 5, 6)),
        ("not(. > today())", TODAY, TODAY + timedelta(1)),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else "",
)
def test_dates_are_compared_as_dates(form: MakeForm, constraint: str, good: date, bad: date) -> None:
    session = form({"q": "date other"}, {"q": "date day", "constraint": constraint}).start()
    session.answer("/data/other", "2010-05-05")
    assert session.answer("/data/day", good.isoformat()) is None
    assert session.answer("/data/day", bad.isoformat()) == Refusal("constraint", "")


@pytest.mark.parametrize(
    ("relevant", "when_empty"),
    [
        ("${day} = ''", True), ('${day} = ""', True), ("${day} != ''", False), ('${day} != ""', False),
        ("'' = ${day}", True),
        ("'' != ${day}", False), ("${day} < today()", False), ("${day} > today()", False),
        ("string-length(${day}) > 0", False),
    ],
)  # fmt: skip
def test_an_empty_date_is_empty_and_neither_before_nor_after(form: MakeForm, relevant: str, when_empty: bool) -> None:
    session = form({"q": "date day"}, {"q": "text why", "relevant": relevant}).start()
    shown = [page.path for page in session.pages()]
    assert ("/data/why" in shown) is when_empty
    session.answer("/data/day", (TODAY - timedelta(1)).isoformat())
    assert ("/data/why" in [page.path for page in session.pages()]) is (not when_empty and ">" not in relevant[6:9])


@pytest.mark.parametrize(
    ("calculation", "expected"),
    [
        ("date(${day} + 30)", "1992-04-17"),
        ("${day} - date('1992-03-01')", "17"),
        ("date(${day}) - date('1992-03-01')", "17"),
        ("format-date(${day}, '%Y')", "1992"),
        ("${day}", "1992-03-18"),
        ("concat('生于', ${day})", "生于1992-03-18"),
    ],
)
def test_dates_are_reckoned_with(form: MakeForm, calculation: str, expected: str) -> None:
    session = form({"q": "date day"}, {"q": "calculate out", "calculation": calculation}).start()
    session.answer("/data/day", "1992-03-18")
    assert session.value("/data/out") == expected


# pages


def paged(form: MakeForm) -> Form:
    return form(
        {"q": "select_one yes_no who", "bind::bianmin:from": "situation/who", "readonly": "yes"},
        {"q": "begin_group one", "label": "第一页", "appearance": "field-list"},
        {"q": "text a"},
        {"q": "text b", "hint": "h"},
        {"q": "end_group"},
        {"q": "text other", "hint": "whose", "relevant": "${who} = 'yes'"},
        {"q": "text last"},
        choices=YES_NO,
    )


def test_pages_go_forward_and_back_past_what_is_hidden(form: MakeForm) -> None:
    session = paged(form).start()
    paths = []
    while session.page:
        paths.append(session.page.path)
        session.forward()
    assert paths == ["/data/who", "/data/one", "/data/last"]
    assert session.forward() is None
    for path in reversed(paths):
        page = session.back()
        assert page is not None and page.path == path
    assert session.back() is None


def test_a_page_shows_its_questions_together(form: MakeForm) -> None:
    session = paged(form).start()
    page = session.forward()
    assert page is not None and page.title == "第一页" and page.hint == ""
    assert [(q.label, q.hint, q.kind) for q in page.questions] == [("a", "", "text"), ("b", "h", "text")]


def test_one_can_go_straight_to_a_question(form: MakeForm) -> None:
    session = paged(form).start()
    page = session.go_to("/data/one/b")
    assert page is not None and page.path == "/data/one"
    with pytest.raises(UnknownQuestion):
        session.go_to("/data/other")


def test_when_the_page_one_stands_on_is_hidden_forward_still_goes_forward(form: MakeForm) -> None:
    loaded = paged(form)
    session = loaded.start(prefill={"situation/who": "yes"})
    session.go_to("/data/other")
    session.refill({"situation/who": "no"})
    shown = session.page
    assert shown is not None and shown.path == "/data/one"
    following = session.forward()
    assert following is not None and following.path == "/data/last"


def test_a_form_none_of_whose_pages_is_relevant_is_at_its_end(form: MakeForm) -> None:
    session = form({"q": "text a", "relevant": "false()"}).start()
    assert session.page is None
    assert session.forward() is None and session.back() is None
    assert session.finish().answers == ()


# prefilling and saving


def test_prefilled_answers_are_there_and_only_fixed_ones_are_taken_anew(form: MakeForm) -> None:
    loaded = form(
        {"q": "text name", "bind::bianmin:from": "identity/name", "readonly": "yes"},
        {"q": "text address", "bind::bianmin:from": "identity/address"},
    )
    session = loaded.start(
        prefill={"identity/name": "王示例", "identity/address": "海湾路7号", "identity/unknown": "x"}
    )
    assert session.value("/data/name") == "王示例"
    session.answer("/data/address", "新路8号")
    session.refill({"identity/name": "李样本", "identity/address": "海湾路7号"})
    assert (session.value("/data/name"), session.value("/data/address")) == ("李样本", "新路8号")


def test_what_a_card_reader_sends_besides_letters_does_not_break_the_form(form: MakeForm) -> None:
    loaded = form({"q": "text name", "bind::bianmin:from": "identity/name"})
    session = loaded.start(prefill={"identity/name": "王\x00示例\x1d"})
    assert session.value("/data/name") == "王示例"
    session.refill({"identity/name": "\ud800"})
    session.finish()


def test_a_half_filled_form_comes_back_as_it_was(form: MakeForm) -> None:
    loaded = paged(form)
    session = loaded.start(prefill={"situation/who": "yes"})
    session.go_to("/data/other")
    session.answer("/data/other", "张三")
    session.answer("/data/one/a", "<&'\"𠮷")
    saved = session.serialise()
    restored = loaded.restore(saved)
    assert restored.serialise() == saved
    assert restored.page == session.page
    assert restored.pages() == session.pages()
    restored.answer("/data/last", "x")
    assert restored.finish().answers != session.finish().answers


def test_a_finished_form_comes_back_at_its_end(form: MakeForm) -> None:
    loaded = form({"q": "text a"})
    session = loaded.start()
    assert session.forward() is None
    assert loaded.restore(session.serialise()).page is None


def test_answers_hidden_when_saved_come_back_after_the_restart(form: MakeForm) -> None:
    loaded = form({"q": "text a"}, {"q": "text b", "relevant": "${a} = 'x'"})
    session = loaded.start()
    for path, value in (("a", "x"), ("b", "kept"), ("a", "y")):
        session.answer(f"/data/{path}", value)
    restored = loaded.restore(session.serialise())
    assert restored.value("/data/b") == ""
    restored.answer("/data/a", "x")
    assert restored.value("/data/b") == "kept"


def test_another_forms_answers_are_not_taken(form: MakeForm) -> None:
    saved = form({"q": "text a"}).start().serialise()
    with pytest.raises(FormError):
        form({"q": "text a"}).restore(saved.replace(b'"version": "1"', b'"version": "2"'))


def test_two_sessions_of_one_form_know_nothing_of_each_other(form: MakeForm) -> None:
    loaded = form({"q": "text a"})
    first, second = loaded.start(), loaded.start()
    first.answer("/data/a", "mine")
    assert second.value("/data/a") == "" and loaded.start().value("/data/a") == ""
    assert first.value("/data/meta/instanceID") != second.value("/data/meta/instanceID")


# languages


@pytest.fixture(scope="module")
def two_languages() -> Form:
    rows = [
        {"type": "text", "name": "name", "label::zh": "姓名", "label::en": "Name"},
        {"type": "text", "name": "town", "label::zh": "城市", "hint::zh": "写全名"},
        {"type": "note", "name": "hello", "label::zh": "您好，${name}！", "label::en": "Hello, ${name}!"},
        {"type": "select_one sizes", "name": "size", "label::zh": "尺寸 ${name}", "label::en": "Size"},
    ]
    choices = [
        {"list_name": "sizes", "name": "s", "label::zh": "小", "label::en": "Small"},
        {"list_name": "sizes", "name": "l", "label::zh": "大", "label::en": "Large"},
    ]
    settings = [{"form_id": "t", "form_title": "T", "version": "1", "default_language": "zh"}]
    workbook = {"survey": rows, "choices": choices, "settings": settings}
    return Form.load(convert(xlsform=workbook, warnings=[]).xform.encode())


def labels(session: FormSession) -> list[str]:
    return [question.label for page in session.pages() for question in page.questions]


def test_the_language_can_change_in_the_middle(two_languages: Form) -> None:
    session = two_languages.start()
    assert session.answer("/data/name", "王示例") is None
    assert labels(session) == ["姓名", "城市", "您好，王示例！", "尺寸 王示例"]
    session.language = "en"
    assert labels(session) == ["Name", "城市", "Hello, 王示例!", "Size"]
    assert session.value("/data/name") == "王示例"


def test_a_text_that_was_not_translated_is_shown_in_the_forms_own_language(two_languages: Form) -> None:
    page = two_languages.start(language="en").go_to("/data/town")
    assert page is not None and (page.title, page.hint) == ("城市", "写全名")
    assert labels(two_languages.start(language="fr")) == labels(two_languages.start(language="zh"))


def test_choices_are_shown_in_the_language_of_the_session(two_languages: Form) -> None:
    session = two_languages.start(language="en")
    session.answer("/data/size", "l")
    assert [row[3] for row in session.finish().answers if row[0] == "/data/size"] == ["Large"]


def test_a_label_with_an_answer_says_that_it_is_computed(two_languages: Form) -> None:
    session = two_languages.start()
    computed = {question.path: question.computed for page in session.pages() for question in page.questions}
    assert computed == {"/data/name": False, "/data/town": False, "/data/hello": True, "/data/size": True}


def test_an_answer_in_a_label_follows_the_answer(form: MakeForm) -> None:
    session = form(
        {"q": "integer n"},
        {"q": "calculate double", "calculation": "${n} * 2"},
        {"q": "note said", "label": "Twice is ${double}."},
    ).start()
    for value, label in (("4", "Twice is 8."), ("5", "Twice is 10."), ("", "Twice is .")):
        session.answer("/data/n", value)
        assert labels(session)[-1] == label


JSONS = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 10**20), st.floats(allow_nan=False), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=6), inner, max_size=4)),
    max_leaves=8,
)


@given(
    part=st.sampled_from(["", "values", "unconfirmed", "drafts", "page", "ended", "seed", "version", "a", "r"]),
    put=JSONS,
)
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_saved_form_somebody_changed_is_taken_or_refused_and_never_breaks(
    form: MakeForm, part: str, put: object
) -> None:
    loaded = form(
        {"q": "integer a"}, {"q": "begin_repeat r", "label": "R"}, {"q": "text x"}, {"q": "end_repeat"},
        {"q": "calculate c", "calculation": "sum(${a})"},
    )  # fmt: skip
    saved = json.loads(loaded.start().serialise())
    if part in ("a", "r"):
        saved["values"][part] = put
    elif part:
        saved[part] = put
    else:
        saved = put
    try:
        session = loaded.restore(json.dumps(saved).encode(), other_version=True)
    except FormError:
        return
    session.pages()
    assert loaded.restore(session.serialise()).serialise() == session.serialise()
