"""Choices: from the sheet, filtered, from files and repeats, shuffled, searched, and other."""

from __future__ import annotations

import pytest

from kiosk.forms import Choice, Form, FormError, Refusal
from tests.kiosk.forms.conftest import MakeForm, XForm

TOWNS = ("p n", "p s", "t north p=n", "t south p=s", "t port p=s")
CSV = "name,label,county\na,甲镇,c1\nb,乙镇,c1\nc,丙镇,c2\n"


def cascade(form: MakeForm) -> Form:
    return form({"q": "select_one p place"}, {"q": "select_one t town", "choice_filter": "p = ${place}"}, choices=TOWNS)


def values(choices: tuple[Choice, ...]) -> list[str]:
    return [choice.value for choice in choices]


def asked(session, path: str) -> list[str]:  # type: ignore[no-untyped-def]
    return values(session.go_to(path).questions[0].choices)


def test_a_cascade_shows_what_belongs_to_the_answer_before(form: MakeForm) -> None:
    session = cascade(form).start()
    assert asked(session, "/data/town") == []
    session.answer("/data/place", "s")
    assert asked(session, "/data/town") == ["south", "port"]
    assert session.answer("/data/town", "north") == Refusal("choice", "")
    assert session.answer("/data/town", "port") is None


def test_an_answer_that_cannot_be_chosen_any_more_goes(form: MakeForm) -> None:
    session = cascade(form).start()
    session.answer("/data/place", "s")
    session.answer("/data/town", "port")
    session.answer("/data/place", "n")
    assert session.value("/data/town") == ""


def test_choices_show_their_labels_in_the_finished_form_of_a_file(form: MakeForm) -> None:
    session = form(
        {"q": "text county"},
        {"q": "select_one_from_file towns.csv town", "choice_filter": "county = ${county}"},
        {"q": "calculate label", "calculation": "pulldata('towns', 'label', 'name', ${town})"},
        files={"towns.csv": CSV},
    ).start()
    session.answer("/data/county", "c1")
    assert session.go_to("/data/town").questions[0].choices == (Choice("a", "甲镇"), Choice("b", "乙镇"))  # type: ignore[union-attr]
    session.answer("/data/town", "b")
    assert session.value("/data/label") == "乙镇"
    assert session.finish().answers[1] == ("/data/town", "town", "b", "乙镇")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("name,label\na,b,c\n", "line 2"),
        ("name,name\na,b\n", "each once"),
        ("", "each once"),
        ('name,label\n"a,b\n', "CSV"),
        ("name,other\na,b\n", "no column “label”"),
        ("name,label\n", "empty"),
        ("name,label\na b,x\n", "one word"),
    ],
)
def test_a_file_that_is_no_list_is_refused(form: MakeForm, content: str, said: str) -> None:
    with pytest.raises(FormError, match=said):
        form({"q": "select_one_from_file towns.csv town"}, files={"towns.csv": content})


def test_a_file_in_gb18030_is_read(xform: XForm) -> None:
    xml = xform({"q": "select_one_from_file towns.csv town"})
    session = Form.load(xml, lambda _: "name;label\r\na;甲镇\r\n".encode("gb18030")).start()
    assert session.page.questions[0].choices == (Choice("a", "甲镇"),)  # type: ignore[union-attr]


def test_a_column_that_does_not_exist_is_refused(form: MakeForm) -> None:
    with pytest.raises(FormError, match="no column “conty”") as error:
        form({"q": "select_one_from_file towns.csv town", "choice_filter": "conty = 'x'"}, files={"towns.csv": CSV})
    assert (error.value.place, error.value.rule) == ("/data/town", "choices")
    with pytest.raises(FormError, match="no column"):
        form({"q": "calculate x", "calculation": "pulldata('towns', 'lable', 'name', 'a')"}, files={"towns.csv": CSV})


def test_external_xml_is_read(form: MakeForm) -> None:
    xml = "<root><item><name>a</name><price>7</price></item><item><name>b</name></item></root>"
    session = form(
        {"q": "xml-external goods"},
        {"q": "text which"},
        {"q": "calculate price", "calculation": "instance('goods')/root/item[name = ${which}]/price"},
        files={"goods.xml": xml},
    ).start()
    session.answer("/data/which", "a")
    assert session.value("/data/price") == "7"
    session.answer("/data/which", "b")
    assert session.value("/data/price") == ""


GEOJSON = """{"type": "FeatureCollection", "features": [
 {"type": "Feature", "id": "fr", "properties": {"name": "FR-75C", "label": "Paris", "population": 2161000},
  "geometry": {"type": "Point", "coordinates": [2.3522, 48.8566]}},
 {"type": "Feature", "properties": {"name": "line", "label": null, "capital": true},
  "geometry": {"type": "LineString", "coordinates": [[0, 1], [2, 3]]}}]}"""


def test_geojson_is_read_as_a_list(form: MakeForm) -> None:
    """The example of the ODK XForms specification."""
    session = form(
        {"q": "select_one_from_file towns.geojson town", "parameters": "value=name, label=label"},
        {"q": "calculate where", "calculation": "instance('towns')/root/item[name = ${town}]/geometry"},
        {"q": "calculate many", "calculation": "instance('towns')/root/item[name = ${town}]/population"},
        files={"towns.geojson": GEOJSON},
    ).start()
    session.answer("/data/town", "FR-75C")
    assert (session.value("/data/where"), session.value("/data/many")) == ("48.8566 2.3522 0 0", "2161000")
    session.answer("/data/town", "line")
    assert session.value("/data/where") == "1 0 0 0; 3 2 0 0"


@pytest.mark.parametrize(
    "content", ["", "[]", '{"type": "FeatureCollection", "features": [{}]}', '{"type": "Feature"}']
)
def test_what_is_no_feature_collection_is_refused(form: MakeForm, content: str) -> None:
    with pytest.raises(FormError):
        form({"q": "select_one_from_file towns.geojson town"}, files={"towns.geojson": content})


@pytest.mark.parametrize(
    "condition",
    [
        "county = 'c1'", "'c1' = county", "county != 'c2'", "starts-with(county, 'c') and county = 'c1'",
        "contains(label, '甲') or contains(label, '乙')", "ends-with(county, '1')", "selected('a b', name)",
        "position() < 3", "name = 'a' or name = 'b'", "not(county = 'c2')",
        "string-length(county) > 0 and position() < 3",
        "county = ${county}", "county = current()/../county",
    ],
)  # fmt: skip
def test_every_way_of_filtering_gives_the_same_rows(form: MakeForm, condition: str) -> None:
    session = form(
        {"q": "text county", "default": "c1"},
        {"q": "select_one_from_file towns.csv town", "choice_filter": condition},
        files={"towns.csv": CSV},
    ).start()
    assert asked(session, "/data/town") == ["a", "b"], condition


def test_choices_from_a_repeat(form: MakeForm) -> None:
    session = form(
        {"q": "begin_repeat child", "label": "C"},
        {"q": "text name"},
        {"q": "end_repeat"},
        {"q": "select_one ${name} eldest"},
    ).start()
    session.answer("/data/child[1]/name", "甲")
    session.add_repeat("/data/child")
    session.answer("/data/child[2]/name", "乙")
    assert asked(session, "/data/eldest") == ["甲", "乙"]
    session.answer("/data/eldest", "乙")
    session.remove_repeat("/data/child[2]")
    assert session.value("/data/eldest") == ""


def test_a_shuffled_list_is_the_same_all_through_and_after_a_restart(form: MakeForm) -> None:
    letters = tuple(f"l {letter}" for letter in "abcdefghij")
    loaded = form({"q": "select_one l one", "parameters": "randomize=true"}, choices=letters)
    session = loaded.start()
    order = asked(session, "/data/one")
    assert sorted(order) == list("abcdefghij")
    assert [asked(session, "/data/one") for _ in range(5)] == [order] * 5
    assert asked(loaded.restore(session.serialise()), "/data/one") == order
    assert len({tuple(asked(loaded.start(), "/data/one")) for _ in range(5)}) > 1
    seeded = form({"q": "select_one l one", "parameters": "randomize=true, seed=42"}, choices=letters[:6])
    assert asked(seeded.start(), "/data/one") == list("afcbde")


def test_or_other_asks_what_else(form: MakeForm) -> None:
    session = form({"q": "select_one t or_other kind"}, choices=("t a", "t b")).start()
    assert asked(session, "/data/kind") == ["a", "b", "other"]
    assert "/data/kind_other" not in [page.path for page in session.pages()]
    session.answer("/data/kind", "other")
    assert session.answer("/data/kind_other", "别的") is None
    assert ("/data/kind_other", "Specify other.", "别的", "别的") in session.finish().answers


def test_rank_takes_every_choice_once(form: MakeForm) -> None:
    session = form({"q": "rank t order"}, choices=("t a", "t b", "t c")).start()
    for wrong in ("a b", "a b b", "a b c d", "a"):
        assert session.answer("/data/order", wrong) == Refusal("choice", "")
    assert session.answer("/data/order", "c  a b") is None
    assert session.value("/data/order") == "c a b"
    assert session.finish().answers[0][3] == "c、a、b"


def test_a_long_list_is_handed_out_in_part_and_searched(form: MakeForm) -> None:
    rows = "\n".join(f"t{number},示例镇{number}" for number in range(1000))
    session = form({"q": "select_one_from_file towns.csv town"}, files={"towns.csv": f"name,label\n{rows}\n"}).start()
    question = session.page.questions[0]  # type: ignore[union-attr]
    assert (len(question.choices), question.choice_count) == (200, 1000)
    assert values(session.search("/data/town", "镇99")) == ["t99", *(f"t{n}" for n in range(990, 1000))]
    assert values(session.search("/data/town", "t5")) == ["t5"]
    assert len(session.search("/data/town", "", limit=7)) == 7
    assert session.answer("/data/town", "t999") is None
    assert session.page.questions[0].shown == "示例镇999"  # type: ignore[union-attr]


def test_choice_name_is_the_label_in_the_language_shown(form: MakeForm) -> None:
    session = form(
        {"q": "select_multiple p many", "label::zh": "多", "label::en": "Many"},
        {"q": "calculate said", "calculation": "jr:choice-name(${many}, '${many}')"},
        choices=("p n label::zh=北 label::en=North", "p s label::zh=南 label::en=South"),
    ).start("zh")
    session.answer("/data/many", "n s")
    assert session.value("/data/said") == "北, 南"
    session.language = "en"
    assert session.value("/data/said") == "North, South"


def test_media_stand_beside_a_choice(form: MakeForm) -> None:
    session = form({"q": "select_one p one"}, choices=("p n media::image=n.png", "p s")).start()
    assert session.page.questions[0].choices[0].media == {"image": "jr://images/n.png"}  # type: ignore[union-attr]
