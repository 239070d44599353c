"""What cannot be run is refused when the form is loaded, with its place."""

from __future__ import annotations

import re
import time

import pytest

from kiosk.forms import Form, FormError
from kiosk.forms.loading import SIZE_LIMIT
from tests.kiosk.forms.conftest import MakeForm, XForm

PLAIN = b"""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>T</h:title>
<model><instance><data id="t" version="1"><name/></data></instance><bind nodeset="/data/name" type="string"/></model>
</h:head><h:body><input ref="/data/name"><label>Name</label></input></h:body></h:html>"""


def test_the_plain_form_loads() -> None:
    form = Form.load(PLAIN)
    assert (form.id, form.version, form.title, list(form.questions)) == ("t", "1", "T", ["/data/name"])


@pytest.mark.parametrize(
    ("row", "said", "rule"),
    [
        ({"q": "start-geopoint place"}, "setgeopoint", ""),
        ({"q": "background-audio sound"}, "recordaudio", ""),
        ({"q": "text other", "appearance": "ex:org.example.app(a='b')"}, "not run", "appearance"),
        ({"q": "image drawing", "appearance": "annotate"}, "not run", "appearance"),
        ({"q": "select_one_from_file list.csv town"}, "not beside the form", ""),
        ({"q": "csv-external prices"}, "not beside the form", ""),
        ({"q": "calculate prices", "calculation": "pulldata('prices', 'a', 'b', 'c')"}, "not beside the form", ""),
        ({"q": "text again", "calculation": "${again} + 1"}, "circle", "calculate"),
        ({"q": "text again", "relevant": "${again} = 1"}, "circle", "relevant"),
    ],
    ids=lambda value: value if isinstance(value, str) else value["q"],
)
def test_a_part_that_is_not_run_is_refused_and_named(xform: XForm, row: dict[str, str], said: str, rule: str) -> None:
    with pytest.raises(FormError, match=said) as error:
        Form.load(xform({"q": "text first"}, row, choices=("yes_no yes", "yes_no no")))
    assert error.value.rule == rule
    assert error.value.place.rpartition("/")[2] in (row["q"].split()[-1], "list", "prices")


def test_a_form_with_a_key_of_its_own_is_refused(xform: XForm) -> None:
    key = b'<submission base64RsaPublicKey="MIIB"/><bind nodeset="/data/a"'
    with pytest.raises(FormError, match="encrypted"):
        Form.load(xform({"q": "text a"}).replace(b'<bind nodeset="/data/a"', key))


def test_the_last_saved_answers_are_refused(xform: XForm) -> None:
    with pytest.raises(FormError, match="cannot be read here"):
        Form.load(xform({"q": "text a", "default": "${last-saved#a}"}))


def test_a_preload_that_is_not_known_is_refused(xform: XForm) -> None:
    for preload in ('jr:preload="patient"', 'jr:preload="timestamp" jr:preloadParams="noon"'):
        with pytest.raises(FormError, match="preload") as error:
            Form.load(
                xform({"q": "text a"}).replace(
                    b'<bind nodeset="/data/a"', f'<bind nodeset="/data/a" {preload}'.encode()
                )
            )
        assert (error.value.place, error.value.rule) == ("/data/a", "preload")
    with pytest.raises(FormError, match="audit"):
        Form.load(xform({"q": "text a"}, {"q": "audit audit"}))


def test_a_repeat_within_a_page_is_refused(xform: XForm) -> None:
    rows = ({"q": "begin_group g", "label": "G", "appearance": "field-list"}, {"q": "begin_repeat r", "label": "R"},
            {"q": "text a"}, {"q": "end_repeat"}, {"q": "end_group"})  # fmt: skip
    with pytest.raises(FormError, match="field-list"):
        Form.load(xform(*rows))


def test_an_entity_is_refused(xform: XForm) -> None:
    entity = b'<meta><e:entity xmlns:e="http://www.opendatakit.org/xforms/entities" dataset="d"/>'
    with pytest.raises(FormError, match="entities"):
        Form.load(xform({"q": "text a"}).replace(b"<meta>", entity))


@pytest.mark.parametrize("column", ["relevant", "constraint", "required", "calculation"])
@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("indexed-repeat(., ., 1) = 1", "indexed-repeat|no repeat"),
        ("concat(', today() )", "quotation mark"),
        ("1 +", "missing before the end"),
        ("(1 + 2", "\\) is missing"),
        ("1 2", "not expected"),
        ("$x = 1", "variables"),
        ("@id = 1", "attributes"),
        ("ancestor::data = 1", "axis ancestor"),
        ("concat(，)", "full-width"),
        ("todya() = 1", "did you mean today"),
        ("/data/othr = 1", "did you mean other"),
        ("../../../x = 1", "above the form"),
        ("substr(.) = 'a'", "takes 2 to 3"),
        ("jr:choice-name(., 'x', 'y')", "takes 2"),
        ("digest(., 'CRC')", "digest"),
        ("last() = 1", "predicate"),
        ("/data/nowhere = 1", "/data/nowhere"),
        ("../nowhere = 1", "/data/nowhere"),
        ("regex(., '(a')", "pattern"),
        ("position() = 1", "position"),
    ],
)
def test_a_rule_that_cannot_be_computed_is_refused(xform: XForm, column: str, expression: str, said: str) -> None:
    with pytest.raises(FormError, match=said) as error:
        Form.load(xform({"q": "text other"}, {"q": "text asked", column: expression}))
    assert (error.value.place, error.value.rule) == ("/data/asked", {"calculation": "calculate"}.get(column, column))


def test_a_name_of_a_function_inside_of_a_text_is_only_text(form: MakeForm) -> None:
    loaded = form({"q": "text a"}, {"q": "calculate b", "calculation": "concat(${a}, 'nonsense(1) /data/nowhere')"})
    assert loaded.start().value("/data/b") == "nonsense(1) /data/nowhere"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"<name/></data>", b"<other/></data>", "does not exist"),
        (b'type="string"', b'type="xsd:token"', "xsd:token"),
        (b"<name/>", b"<name/><name/>", "twice"),
        (b"<label>Name</label>", b"<label ref=\"jr:itext('gone')\"/>", "gone"),
        (b"<label>Name</label>", b'<label>You are <output value="/data/nowhere"/></label>', "/data/nowhere"),
        (b"<instance>", b"<instances>", "well-formed"),
        (b'<input ref="/data/name"><label>Name</label></input>', b"", "no page"),
        (b"<h:body>", b"<h:body><secret/>", "secret"),
    ],
    ids=lambda value: value.decode()[:40] if isinstance(value, bytes) else value,
)
def test_an_xform_that_contradicts_itself_is_refused(old: bytes, new: bytes, said: str) -> None:
    assert old in PLAIN
    with pytest.raises(FormError, match=re.escape(said)):
        Form.load(PLAIN.replace(old, new))


@pytest.mark.parametrize("xml", [b"", b"<", b"<a/>", b"\x00", b"PK\x03\x04", "王".encode("gb18030"), PLAIN[:-10]])
def test_what_is_no_xform_is_refused(xml: bytes) -> None:
    with pytest.raises(FormError):
        Form.load(xml)


DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e "%s"><!ENTITY f "&e;&e;&e;&e;">]>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("entity", [b"aaaaaaaa", b"file:///etc/passwd"])
def test_a_document_type_and_its_entities_are_refused(encoding: str, entity: bytes) -> None:
    xml = (DOCTYPE % entity + PLAIN.replace(b"<name/>", b"<name>&f;</name>")).decode()
    with pytest.raises(FormError, match="document type"):
        Form.load(xml.replace('version="1.0"', f'version="1.0" encoding="{encoding}"', 1).encode(encoding))


def test_an_external_entity_is_never_read() -> None:
    xml = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>' + PLAIN.replace(b"<name/>", b"<name>&e;</name>")
    with pytest.raises(FormError):
        Form.load(xml)


def test_processing_instructions_and_comments_are_passed_over() -> None:
    form = Form.load(PLAIN.replace(b"<name/>", b"<!-- c --><?php echo 1 ?><name/>"))
    assert form.start().answer("/data/name", "x") is None


def test_a_form_that_is_too_large_is_refused_at_once() -> None:
    began = time.perf_counter()
    with pytest.raises(FormError, match="larger"):
        Form.load(b" " * (SIZE_LIMIT + 1))
    assert time.perf_counter() - began < 0.5


@pytest.mark.parametrize(
    "xml",
    [
        PLAIN.replace(b"<name/>", b"<name/>" + b"<a>" * 5_000 + b"</a>" * 5_000),
        PLAIN.replace(b"<h:body>", b"<h:body>" + b"<group>" * 5_000)
        .replace(b"</h:body>", b"</group>" * 5_000 + b"</h:body>"),
        PLAIN.replace(b'type="string"', b'type="string" relevant="' + b"(" * 50_000 + b"1" + b")" * 50_000 + b'"'),
        PLAIN.replace(b'type="string"', b'type="string" relevant="' + b"not(" * 20_000 + b"1" + b")" * 20_000 + b'"'),
        PLAIN.replace(b'type="string"', b'type="string" relevant="' + b"1 + " * 200_000 + b'"'),
        PLAIN.replace(b'type="string"', b'type="string" relevant="' + b"'" * 199_999 + b'"'),
        PLAIN.replace(b'type="string"', b'type="string" relevant="regex(., \'' + b"(" * 20_000 + b')\')"'),
    ],
    ids=["nodes", "groups", "brackets", "calls", "operators", "quotes", "pattern"],
)  # fmt: skip
def test_deep_nesting_is_refused_in_bounded_time(xml: bytes) -> None:
    began = time.perf_counter()
    with pytest.raises(FormError):
        Form.load(xml)
    assert time.perf_counter() - began < 3


def test_a_circle_is_refused_with_the_names_of_its_questions(xform: XForm) -> None:
    with pytest.raises(FormError, match="circle") as error:
        Form.load(
            xform(
                {"q": "text outside"},
                {"q": "calculate one", "calculation": "${three} + 1"},
                {"q": "calculate two", "calculation": "${one} + 1"},
                {"q": "calculate three", "calculation": "${two} + 1"},
            )
        )
    assert all(f"/data/{name}" in str(error.value) for name in ("one", "two", "three"))
    assert "outside" not in str(error.value)


def test_a_group_that_depends_on_a_question_within_it_is_a_circle(xform: XForm) -> None:
    with pytest.raises(FormError, match="circle"):
        Form.load(
            xform({"q": "begin_group g", "label": "G", "relevant": "${a} = '1'"}, {"q": "text a"}, {"q": "end_group"})
        )
