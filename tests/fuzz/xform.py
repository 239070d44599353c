"""Attack on the forms engine: XForms, lists beside them, and answers, as bytes."""

from __future__ import annotations

from pathlib import Path

from pyxform.xls2xform import convert

from kiosk.forms import Form, FormError, FormsError, Incomplete

FORMS = Path(__file__).resolve().parents[2] / "fleet" / "sample_city" / "forms"
DECLARED = (FormsError,)
SMALL = b"""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>T</h:title><model><itext><translation lang="zh"><text id="a">
<value>A <output value="/d/b"/></value></text></translation></itext><instance><d id="t"><a>1</a><b/><c/><r><x/></r></d>
</instance><instance id="l"><root><item><name>1</name><label>one</label></item></root></instance>
<instance id="f" src="jr://file-csv/f.csv"/><bind nodeset="/d/a" type="int" relevant="/d/b != '' or true()"/>
<bind nodeset="/d/b" calculate="concat(/d/a, position(..), count(/d/r[x = 1]))"/>
<setvalue ref="/d/c" event="odk-instance-first-load" value="today() + 1"/></model></h:head><h:body>
<input ref="/d/a"><label ref="jr:itext('a')"/></input><select1 ref="/d/c"><itemset
nodeset="instance('l')/root/item[name = /d/a]"><value ref="name"/><label ref="label"/></itemset></select1>
<group ref="/d/r"><repeat nodeset="/d/r" jr:count="/d/a"><input ref="/d/r/x"/></repeat></group></h:body></h:html>"""
SEEDS = [
    SMALL,
    *(convert(xlsform=path, warnings=[]).xform.encode() for path in sorted(FORMS.glob("*.xlsx"))),
    b"name,label\n1,one\n2,two\n",
    b"instance('l')/root/item[name = current()/../a and not(position() > 2)]/label",
    "if(selected(., 'a'), '甲', format-date(today() - 30, '%Y')) != ''".encode(),
]


def one_input(data: bytes) -> None:
    """As a form, as the file beside one, as a rule of one, as answers: refused, or run to the end."""
    text = data.decode("utf-8", "replace")
    rule = text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    refused: FormsError | None = None
    for xml, file in (
        (data, b"name,label\na,b\n"),
        (SMALL, data),
        (SMALL.replace(b"/d/b != '' or true()", rule.encode()), b"name\n1\n"),
        (SMALL.replace(b'value="/d/b"', b'value="' + rule.encode() + b'"'), b"name\n1\n"),
    ):
        try:
            run(Form.load(xml, lambda _, file=file: file), text)
        except FormError as error:
            assert error.reason
            refused = error
        except FormsError as error:
            refused = error
    if refused is not None:
        raise refused


def run(form: Form, text: str) -> None:
    """Answer everything with it, there and back, and finish."""
    session = form.start("zh", prefill={"identity/name": text})
    for path in list(form.questions)[:30]:
        try:
            session.answer(path, text)
        except FormsError:
            continue
    for _ in range(40):
        page = session.page
        if page is None:
            break
        session.problems()
        session.forward()
    again = form.restore(session.serialise())
    assert [page.path for page in again.pages()] == [page.path for page in session.pages()]
    try:
        session.finish()
    except Incomplete as error:
        assert error.problems
