"""XForms that were written by hand: namespaces, relative references, groups without a place, nodes without a bind."""

from __future__ import annotations

import pytest
from lxml import etree

from kiosk.forms import Form, FormError

#: the example of the ODK XForms specification, "Structure", with its meta block in a namespace of its own
SURVEY = """<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
 <h:head><h:title>My Survey</h:title><model><instance><data id="mysurvey" orx:version="2014083101">
 <firstname/><lastname/><age/><orx:meta><orx:instanceID/></orx:meta></data></instance>
 <bind nodeset="/data/firstname" type="xsd:string" required="true()"/><bind nodeset="/data/lastname" type="xsd:string"/>
 <bind nodeset="/data/age" type="xsd:int"/>
 <bind nodeset="/data/orx:meta/orx:instanceID" jr:preload="uid" type="xsd:string"/></model></h:head>
 <h:body><input ref="/data/firstname"><label>What is your first name?</label></input>
 <input ref="/data/lastname"><label>What is your last name?</label></input>
 <input ref="/data/age"><label>What is your age?</label></input></h:body></h:html>"""

#: the example of "Groups": references relative to their group
GROUPS = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head>
 <h:title>My Survey</h:title><model><instance><data id="mysurvey"><respondent><firstname/><lastname/></respondent>
 <context><location/></context></data></instance>
 <bind nodeset="/data/context" relevant="string-length(../respondent/firstname) &gt; 0 and
 string-length(../respondent/lastname) &gt; 0"/></model></h:head><h:body><group ref="/data/respondent">
 <input ref="firstname"><label>F</label></input><input ref="./lastname"><label>L</label></input></group>
 <group ref="/data/context"><label>Context</label><input ref="location"><label>Where</label></input></group>
 </h:body></h:html>"""


def test_the_specifications_own_form_is_run_and_keeps_its_namespaces() -> None:
    form = Form.load(SURVEY.encode())
    assert (form.id, form.version, form.title) == ("mysurvey", "2014083101", "My Survey")
    session = form.start()
    session.answer("/data/firstname", "A")
    done = etree.fromstring(session.finish().instance)
    openrosa = "{http://openrosa.org/xforms}"
    assert done.get("id") == "mysurvey" and done.get(f"{openrosa}version") == "2014083101"
    assert str(done.findtext(f"{openrosa}meta/{openrosa}instanceID")).startswith("uuid:")


def test_references_stand_below_their_group_and_a_group_appears_when_it_is_relevant() -> None:
    session = Form.load(GROUPS.encode()).start()
    assert [page.path for page in session.pages()] == ["/data/respondent/firstname", "/data/respondent/lastname"]
    session.answer("/data/respondent/firstname", "A")
    session.answer("/data/respondent/lastname", "B")
    assert [page.path for page in session.pages()][2:] == ["/data/context/location"]


def test_a_group_without_a_place_in_the_data_only_shows_together() -> None:
    xml = SURVEY.replace("<h:body>", '<h:body><group appearance="field-list"><label>All</label>')
    page = Form.load(xml.replace("</h:body>", "</group></h:body>").encode()).start().page
    assert page is not None and page.title == "All" and len(page.questions) == 3


def test_a_node_without_a_bind_is_a_text() -> None:
    xml = SURVEY.replace('<bind nodeset="/data/age" type="xsd:int"/>', "")
    assert Form.load(xml.encode()).start().answer("/data/age", "old") is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('<input ref="/data/age">', '<input ref="/data/nowhere">', "no place"),
        ('<input ref="/data/age">', '<input ref="/data/firstname">', "twice"),
        ('<input ref="/data/age">', '<input ref="/data/meta">', "group"),
        ('<bind nodeset="/data/age"', '<bind nodeset="/data/lastname"', "two binds"),
        ('type="xsd:int"', 'type="xsd:duration"', "duration"),
        ('type="xsd:int"', 'type="intent"', "intent"),
        ("<age/>", '<age/><age xmlns:jr="x"/>', "twice"),
    ],
)
def test_what_contradicts_itself_is_refused(old: str, new: str, said: str) -> None:
    assert old in SURVEY
    with pytest.raises(FormError, match=said):
        Form.load(SURVEY.replace(old, new).encode())


def test_a_question_outside_the_repeat_of_its_answers_is_refused() -> None:
    body = '<group ref="/data/r"><repeat nodeset="/data/r"/></group><input ref="/data/r/x"/></h:body>'
    xml = GROUPS.replace("<context>", "<r><x/></r><context>").replace("</h:body>", body)
    with pytest.raises(FormError, match="outside the repeat"):
        Form.load(xml.encode())
