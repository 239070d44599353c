"""Repeats: adding, taking away, counts, positions, sums, defaults, and what absolute paths mean inside."""

from __future__ import annotations

import pytest
from lxml import etree

from kiosk.forms import Form, FormError, FormSession, Page, RepeatPage, TooManyRepeats, UnknownQuestion
from kiosk.forms.instance import REPEAT_LIMIT
from tests.kiosk.forms.conftest import MakeForm, XForm


def children(form: MakeForm, *more: dict[str, str], **repeat: str) -> Form:
    return form(
        {"q": "integer wanted"},
        {"q": "begin_repeat child", "label": "Child", **repeat},
        {"q": "text name"},
        {"q": "integer age"},
        *more,
        {"q": "end_repeat"},
        {"q": "calculate total", "calculation": "sum(${age})"},
        {"q": "calculate many", "calculation": "count(${child})"},
        {"q": "text last"},
    )


def paths(session: FormSession) -> list[str]:
    return [page.path for page in session.pages()]


def test_the_first_instance_is_there_and_its_list_comes_after_it(form: MakeForm) -> None:
    session = children(form).start()
    assert paths(session) == ["/data/wanted", "/data/child[1]/name", "/data/child[1]/age", "/data/child", "/data/last"]
    page = session.go_to("/data/child")
    assert isinstance(page, RepeatPage) and page.title == "Child" and page.can_add and page.can_remove
    assert [row.path for row in page.rows] == ["/data/child[1]"]


def test_adding_goes_to_the_new_ones_first_page_and_its_last_page_leads_back_to_the_list(form: MakeForm) -> None:
    session = children(form).start()
    page = session.add_repeat("/data/child")
    assert page is not None and page.path == "/data/child[2]/name"
    assert session.forward().path == "/data/child[2]/age"  # type: ignore[union-attr]
    assert isinstance(session.forward(), RepeatPage)
    assert session.back().path == "/data/child[2]/age"  # type: ignore[union-attr]


def test_one_can_go_to_an_instance_to_the_list_and_to_a_question_without_positions(form: MakeForm) -> None:
    session = children(form).start()
    session.add_repeat("/data/child")
    for path, page in (
        ("/data/child[1]", "/data/child[1]/name"),
        ("/data/child[2]", "/data/child[2]/name"),
        ("/data/child", "/data/child"),
        ("/data/child[2]/age", "/data/child[2]/age"),
        ("/data/child/age", "/data/child[1]/age"),
    ):
        shown = session.go_to(path)
        assert shown is not None and shown.path == page


def test_sums_and_counts_follow_what_is_added_answered_and_taken_away(form: MakeForm) -> None:
    session = children(form).start()
    session.answer("/data/child[1]/age", "7")
    session.add_repeat("/data/child")
    session.answer("/data/child[2]/age", "9")
    assert (session.value("/data/total"), session.value("/data/many")) == ("16", "2")
    session.answer("/data/child[1]/age", "8")
    assert session.value("/data/total") == "17"
    session.remove_repeat("/data/child[1]")
    assert (session.value("/data/total"), session.value("/data/many")) == ("9", "1")
    assert session.value("/data/child[1]/age") == "9"
    session.remove_repeat("/data/child[1]")
    assert (session.value("/data/total"), session.value("/data/many")) == ("0", "0")
    page = session.page
    assert isinstance(page, RepeatPage) and page.rows == ()
    session.add_repeat("/data/child")
    assert session.value("/data/child[1]/age") == "" and session.value("/data/many") == "1"


def test_a_row_is_told_from_others_by_its_first_answers_or_its_groups_label(form: MakeForm) -> None:
    session = children(form).start()
    session.answer("/data/child[1]/name", "小明")
    session.answer("/data/child[1]/age", "7")
    page = session.go_to("/data/child")
    assert isinstance(page, RepeatPage) and page.rows[0].label == "小明，7"
    named = form(
        {"q": "begin_repeat child", "label": "C"},
        {"q": "begin_group one", "label": "孩子 ${name}"},
        {"q": "text name"},
        {"q": "end_group"},
        {"q": "end_repeat"},
    ).start()
    named.answer("/data/child/one/name", "小红")
    shown = named.go_to("/data/child")
    assert isinstance(shown, RepeatPage) and shown.rows[0].label == "孩子 小红"


def test_positions_are_told_anew_when_one_is_taken_away(form: MakeForm) -> None:
    session = children(form, {"q": "calculate place", "calculation": "position(..)"}).start()
    for _ in range(2):
        session.add_repeat("/data/child")
    assert [session.value(f"/data/child[{n}]/place") for n in (1, 2, 3)] == ["1", "2", "3"]
    session.remove_repeat("/data/child[1]")
    assert [session.value(f"/data/child[{n}]/place") for n in (1, 2)] == ["1", "2"]


def test_a_rule_within_reads_its_own_instance(form: MakeForm) -> None:
    session = children(
        form,
        {"q": "text school", "relevant": "${age} >= 6", "required": "${name} != ''"},
        {"q": "calculate both", "calculation": "concat(${name}, ' of ', ${many})"},
    ).start()
    session.add_repeat("/data/child")
    session.answer("/data/child[2]/age", "7")
    session.answer("/data/child[1]/name", "甲")
    session.answer("/data/child[2]/name", "乙")
    assert "/data/child[1]/school" not in paths(session) and "/data/child[2]/school" in paths(session)
    assert [session.value(f"/data/child[{n}]/both") for n in (1, 2)] == ["甲 of 2", "乙 of 2"]
    assert session.problems(session.go_to("/data/child[2]/school")) == {"/data/child[2]/school": ""}


def test_an_absolute_path_within_means_the_own_instance(xform: XForm) -> None:
    """ODK XForms specification, "A Big Deviation with XForms"."""
    xml = xform(
        {"q": "begin_repeat r", "label": "R"}, {"q": "text a"}, {"q": "calculate b", "calculation": "${a}"},
        {"q": "end_repeat"},
    )  # fmt: skip
    absolute = xml.replace(b'calculate=" ../a "', b'calculate="/data/r/a"')
    assert absolute != xml
    session = Form.load(absolute).start()
    session.add_repeat("/data/r")
    session.answer("/data/r[1]/a", "x")
    session.answer("/data/r[2]/a", "y")
    assert (session.value("/data/r[1]/b"), session.value("/data/r[2]/b")) == ("x", "y")


def test_indexed_repeat_reads_any_instance(form: MakeForm) -> None:
    rule = "indexed-repeat(${name}, ${child}, position(..) - 1)"
    session = children(form, {"q": "calculate before", "calculation": rule}).start()
    session.add_repeat("/data/child")
    session.answer("/data/child[1]/name", "甲")
    assert (session.value("/data/child[1]/before"), session.value("/data/child[2]/before")) == ("", "甲")


def test_repeats_within_repeats(form: MakeForm) -> None:
    session = form(
        {"q": "begin_repeat house", "label": "H"},
        {"q": "text street"},
        {"q": "begin_repeat person", "label": "P"},
        {"q": "integer age"},
        {"q": "end_repeat"},
        {"q": "calculate sum", "calculation": "sum(${age})"},
        {"q": "end_repeat"},
        {"q": "calculate all", "calculation": "sum(${age})"},
    ).start()
    session.add_repeat("/data/house")
    # a template holds no instance of the repeat within it: a new house has nobody yet, as with ODK's own engine
    assert session.value("/data/house[2]/sum") == "0"
    for _ in range(2):
        session.add_repeat("/data/house[2]/person")
    for path, age in (("house[1]/person[1]", 1), ("house[2]/person[1]", 10), ("house[2]/person[2]", 100)):
        assert session.answer(f"/data/{path}/age", str(age)) is None
    assert [session.value(f"/data/house[{n}]/sum") for n in (1, 2)] == ["1", "110"]
    assert session.value("/data/all") == "111"
    session.remove_repeat("/data/house[1]")
    assert session.value("/data/all") == "110"
    assert "/data/house[1]/person" in paths(session)


# counts


def test_a_count_decides_how_many_there_are_and_takes_nothing_for_good(form: MakeForm) -> None:
    session = children(form, repeat_count="${wanted}").start()
    assert paths(session) == ["/data/wanted", "/data/last"]
    session.answer("/data/wanted", "3")
    session.answer("/data/child[3]/name", "三")
    session.answer("/data/child[3]/age", "5")
    assert session.value("/data/total") != "5" and session.value("/data/many") == "3"
    assert not any(isinstance(page, RepeatPage) for page in session.pages())
    session.answer("/data/wanted", "1")
    assert session.value("/data/many") == "1"
    session.answer("/data/wanted", "3")
    assert session.value("/data/child[3]/name") == "三"
    session.answer("/data/wanted", "")
    assert session.value("/data/many") == "0"


def test_what_a_count_takes_away_is_not_computed_any_more(form: MakeForm) -> None:
    session = children(form, {"q": "calculate place", "calculation": "position(..)"}, repeat_count="${wanted}").start()
    for wanted in ("3", "1", "0", "2"):
        session.answer("/data/wanted", wanted)
        places = [session.value(f"/data/child[{n}]/place") for n in range(1, int(wanted) + 1)]
        assert places == [str(n) for n in range(1, int(wanted) + 1)]


def test_a_fixed_count(form: MakeForm) -> None:
    session = children(form, repeat_count="2").start()
    assert session.value("/data/many") == "2"
    with pytest.raises(UnknownQuestion):
        session.add_repeat("/data/child")
    with pytest.raises(UnknownQuestion):
        session.remove_repeat("/data/child[1]")


def test_a_count_beyond_all_reason_is_refused(form: MakeForm) -> None:
    session = children(form, repeat_count="${wanted}").start()
    with pytest.raises(TooManyRepeats):
        session.answer("/data/wanted", "999999999")


def test_nobody_can_fill_the_memory_by_adding(form: MakeForm) -> None:
    session = form({"q": "begin_repeat r", "label": "R"}, {"q": "text a"}, {"q": "end_repeat"}).start()
    for _ in range(REPEAT_LIMIT - 1):
        session._instance.added(session._instance.add(session.root, session.form.declarations["/data/r"]))
    with pytest.raises(TooManyRepeats):
        session.add_repeat("/data/r")


def test_a_count_that_depends_on_what_it_counts_is_a_circle(form: MakeForm) -> None:
    with pytest.raises(FormError, match="circle"):
        children(form, repeat_count="sum(${age})")


# what stands in them


def test_defaults_are_in_every_new_instance(form: MakeForm) -> None:
    session = form(
        {"q": "text town", "default": "海湾"},
        {"q": "begin_repeat r", "label": "R"},
        {"q": "text fixed", "default": "x"},
        {"q": "text from", "default": "${town}"},
        {"q": "text random", "default": "uuid()"},
        {"q": "end_repeat"},
    ).start()
    session.answer("/data/town", "新港")
    session.add_repeat("/data/r")
    assert [session.value(f"/data/r[{n}]/fixed") for n in (1, 2)] == ["x", "x"]
    assert [session.value(f"/data/r[{n}]/from") for n in (1, 2)] == ["海湾", "新港"]
    first, second = (session.value(f"/data/r[{n}]/random") for n in (1, 2))
    assert len(first) == len(second) == 36 and first != second


def test_instances_written_into_the_form_are_there_with_their_values() -> None:
    """ODK XForms specification, "Default Values in Repeats"."""
    xml = b"""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
    xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>T</h:title><model><instance><data id="t">
    <person jr:template=""><name/><kind>spouse</kind></person>
    <person><name>John</name><kind>father</kind></person><person><name>Kofi</name><kind>brother</kind></person>
    </data></instance></model></h:head><h:body><group ref="/data/person"><label>P</label>
    <repeat nodeset="/data/person"><input ref="/data/person/name"/><input ref="/data/person/kind"/></repeat></group>
    </h:body></h:html>"""
    session = Form.load(xml).start()
    assert [session.value(f"/data/person[{n}]/name") for n in (1, 2)] == ["John", "Kofi"]
    session.add_repeat("/data/person")
    assert (session.value("/data/person[3]/name"), session.value("/data/person[3]/kind")) == ("", "spouse")
    fixed = Form.load(xml.replace(b"<repeat ", b'<repeat jr:noAddRemove="true()" ')).start()
    assert not any(isinstance(page, RepeatPage) for page in fixed.pages())
    with pytest.raises(UnknownQuestion):
        fixed.add_repeat("/data/person")


def test_a_repeat_on_a_page_is_one_page_an_instance(form: MakeForm) -> None:
    session = form(
        {"q": "begin_repeat r", "label": "R", "appearance": "field-list"},
        {"q": "text a"},
        {"q": "text b"},
        {"q": "end_repeat"},
    ).start()
    page = session.page
    assert isinstance(page, Page) and page.path == "/data/r[1]" and len(page.questions) == 2


def test_a_repeat_that_is_not_relevant_has_no_pages_and_no_place_in_the_instance(form: MakeForm) -> None:
    session = children(form, relevant="${wanted} > 0").start()
    assert paths(session) == ["/data/wanted", "/data/last"]
    assert etree.fromstring(session.finish().instance).find("child") is None
    session.answer("/data/wanted", "1")
    assert "/data/child" in paths(session)


def test_all_of_it_comes_back_after_a_restart(form: MakeForm) -> None:
    loaded = children(form)
    session = loaded.start()
    session.add_repeat("/data/child")
    session.answer("/data/child[2]/name", "乙")
    session.answer("/data/child[2]/age", "3")
    saved = session.serialise()
    restored = loaded.restore(saved)
    assert restored.serialise() == saved and restored.pages() == session.pages()
    assert restored.page is not None and restored.page.path == "/data/child[2]/name"
    instance = etree.fromstring(restored.finish().instance)
    assert [child.findtext("name") or "" for child in instance.findall("child")] == ["", "乙"]


@pytest.mark.parametrize("path", ["/data/nowhere", "/data/last", "/data/child[7]/x", ""])
def test_only_repeats_can_be_added_to(form: MakeForm, path: str) -> None:
    session = children(form).start()
    with pytest.raises(UnknownQuestion):
        session.add_repeat(path)
    with pytest.raises(UnknownQuestion):
        session.remove_repeat(f"{path}[1]")
