"""What an answer recomputes: everything that has to be, and nothing else."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.forms import Form, FormError, FormsError, FormSession, UnknownQuestion
from kiosk.forms.xpath.expression import Expression
from tests.kiosk.forms.conftest import MakeForm

ANSWERS = st.sampled_from(["", "1", "4"])
HEAD = '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"'


def test_only_what_depends_on_an_answer_is_computed(form: MakeForm) -> None:
    session = form(
        {"q": "integer a"},
        {"q": "integer b"},
        {"q": "calculate one", "calculation": "${a} + 1"},
        {"q": "calculate two", "calculation": "${one} + 1"},
        {"q": "calculate other", "calculation": "${b} + 1"},
        {"q": "calculate big", "calculation": "if(${a} > 100, 'big', 'small')"},
        {"q": "calculate after", "calculation": "concat(${big}, '!')"},
        {"q": "text why", "relevant": "${b} > 5"},
    ).start()
    session.answer("/data/a", "1")
    computed: list[str] = []
    for declaration in session.form.root.everything():
        for expression in (declaration.rules.calculate, declaration.rules.relevant):
            if expression is not None:
                watch(expression, computed, declaration.name)
    session.answer("/data/a", "2")
    # "big" is computed and stays what it was, so nobody asks for "after"
    assert sorted(computed) == ["big", "one", "two"]
    computed.clear()
    session.answer("/data/b", "9")
    assert sorted(computed) == ["other", "why"]
    computed.clear()
    session.answer("/data/b", "9")
    assert computed == []


def watch(expression: Expression, computed: list[str], name: str) -> None:
    evaluate = expression._evaluate

    def watched(c):  # type: ignore[no-untyped-def]
        computed.append(name)
        return evaluate(c)

    expression._evaluate = watched


@st.composite
def forms(draw: st.DrawFn) -> tuple[bytes, int]:
    """A form of questions at the root and in a repeat, with rules that read any of them."""
    plain, repeated = draw(st.integers(2, 6)), draw(st.integers(1, 4))
    outer = [f"/data/q{n}" for n in range(plain)]
    inner = [f"/data/r/p{n}" for n in range(repeated)]
    binds = []
    for number, path in enumerate(outer):
        binds.append(draw(rule(path, outer[:number], inner if draw(st.booleans()) else [], inside=False)))
    for number, path in enumerate(inner):
        binds.append(draw(rule(path, outer[:2], inner[:number], inside=True)))
    binds.append('<bind nodeset="/data/all" calculate="concat(sum(/data/r/p0), count(/data/r), /data/q0)"/>')
    nodes = "".join(f"<q{n}/>" for n in range(plain)) + f"<r>{''.join(f'<p{n}/>' for n in range(repeated))}</r><all/>"
    body = "".join(f'<input ref="{path}"/>' for path in outer)
    body += '<group ref="/data/r"><repeat nodeset="/data/r">'
    body += "".join(f'<input ref="{path}"/>' for path in inner) + "</repeat></group>"
    xml = (
        f'{HEAD}><h:head><h:title>T</h:title><model><instance><data id="t">{nodes}</data></instance>'
        f"{''.join(binds)}</model></h:head><h:body>{body}</h:body></h:html>"
    )
    return xml.encode(), plain


@st.composite
def rule(draw: st.DrawFn, path: str, before: list[str], inner: list[str], inside: bool) -> str:
    readable = before + [f"../{one.rpartition('/')[2]}" if inside and draw(st.booleans()) else one for one in inner]
    if not readable or draw(st.integers(0, 3)) == 0:
        return f'<bind nodeset="{path}"/>'
    one, other = draw(st.sampled_from(readable)), draw(st.sampled_from(readable))
    place = "position(..)" if inside else "count(/data/r)"
    source = draw(
        st.sampled_from(
            [f"{one} != ''", f"{one} = {other}", f"{place} mod 2 = 1", f"sum({one}) &gt; 3 or {other} = ''"]
        )
    )
    if draw(st.booleans()):
        return f'<bind nodeset="{path}" relevant="{source}"/>'
    return f'<bind nodeset="{path}" calculate="concat({one}, {other}, {place})"/>'


def state(session: FormSession) -> list[tuple[str, str, bool]]:
    return [(node.path, node.text, node.relevant) for node in session.root.everything()]


@settings(max_examples=150, deadline=None)
@given(forms(), st.data())
def test_step_by_step_a_form_is_what_it_would_be_computed_anew(made: tuple[bytes, int], data: st.DataObject) -> None:
    xml, plain = made
    try:
        form = Form.load(xml)
    except FormError as refused:
        assert "circle" in str(refused)
        return
    session = form.start()
    for _ in range(data.draw(st.integers(1, 12))):
        count = len(session.root.of(form.declarations["/data/r"]))
        what = data.draw(st.sampled_from(["answer", "answer", "answer", "inner", "add", "remove"]))
        try:
            if what == "add" and count < 5:
                session.add_repeat("/data/r")
            elif what == "remove" and count:
                session.remove_repeat(f"/data/r[{data.draw(st.integers(1, count))}]")
            elif what == "inner" and count:
                session.answer(
                    f"/data/r[{data.draw(st.integers(1, count))}]/p0", data.draw(st.sampled_from(["", "1", "4"]))
                )
            else:
                session.answer(
                    f"/data/q{data.draw(st.integers(0, plain - 1))}", data.draw(st.sampled_from(["", "1", "4"]))
                )
        except (UnknownQuestion, FormsError):
            pass
        stepwise = state(session)
        session._instance.compute_all()
        assert state(session) == stepwise
        assert state(form.restore(session.serialise())) == stepwise
