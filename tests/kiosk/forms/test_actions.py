"""Values given when something happens: dynamic defaults, triggers, and the order of it all."""

from __future__ import annotations

from datetime import date

import pytest

from kiosk.forms import Form, FormError
from tests.kiosk.forms.conftest import MakeForm, XForm


def test_a_dynamic_default_is_computed_once_and_may_be_changed(form: MakeForm) -> None:
    session = form(
        {"q": "text a", "default": "x"},
        {"q": "date day", "default": "today()"},
        {"q": "text copy", "default": "concat(${a}, '-', ${twice})"},
        {"q": "calculate twice", "calculation": "concat(${a}, ${a})"},
    ).start()
    assert session.value("/data/day") == date.today().isoformat()
    assert session.value("/data/copy") == "x-xx"
    session.answer("/data/a", "y")
    assert session.value("/data/copy") == "x-xx"
    session.answer("/data/copy", "own")
    assert session.value("/data/copy") == "own"


def test_a_dynamic_default_is_not_given_again_after_a_restart(form: MakeForm) -> None:
    loaded = form({"q": "text a", "default": "uuid()"})
    session = loaded.start()
    before = session.value("/data/a")
    assert loaded.restore(session.serialise()).value("/data/a") == before != loaded.start().value("/data/a")
    session.answer("/data/a", "")
    assert loaded.restore(session.serialise()).value("/data/a") == ""


def test_a_prefilled_answer_goes_before_a_default(form: MakeForm) -> None:
    loaded = form({"q": "text a", "default": "uuid()", "bind::bianmin:from": "identity/name"})
    assert loaded.start(prefill={"identity/name": "王示例"}).value("/data/a") == "王示例"


def test_a_trigger_sets_a_value_when_an_answer_changes_and_only_then(form: MakeForm) -> None:
    session = form(
        {"q": "text a"},
        {"q": "text b"},
        {"q": "calculate times", "calculation": "${times} + 1", "trigger": "${a}", "default": "0"},
        {"q": "calculate seen", "calculation": "concat(${times}, ${b})"},
    ).start()
    assert session.value("/data/times") == "0"
    session.answer("/data/a", "x")
    assert (session.value("/data/times"), session.value("/data/seen")) == ("1", "1")
    session.answer("/data/a", "x")
    session.answer("/data/b", "z")
    assert (session.value("/data/times"), session.value("/data/seen")) == ("1", "1z")
    session.answer("/data/a", "y")
    assert session.value("/data/times") == "2"


def test_a_trigger_within_a_repeat_stays_in_its_instance(form: MakeForm) -> None:
    session = form(
        {"q": "begin_repeat r", "label": "R"},
        {"q": "text a"},
        {"q": "text b", "calculation": "concat('from ', ${a})", "trigger": "${a}"},
        {"q": "end_repeat"},
    ).start()
    session.add_repeat("/data/r")
    session.answer("/data/r[2]/a", "x")
    assert (session.value("/data/r[1]/b"), session.value("/data/r[2]/b")) == ("", "from x")
    session.answer("/data/r[2]/b", "own")
    assert session.value("/data/r[2]/b") == "own"


def test_triggers_may_follow_each_other(form: MakeForm) -> None:
    session = form(
        {"q": "text a"},
        {"q": "text b", "calculation": "concat(${a}, '1')", "trigger": "${a}"},
        {"q": "text c", "calculation": "concat(${b}, '2')", "trigger": "${b}"},
    ).start()
    session.answer("/data/a", "x")
    assert session.value("/data/c") == "x12"


def test_triggers_in_a_circle_are_refused(form: MakeForm) -> None:
    with pytest.raises(FormError, match="circle"):
        form(
            {"q": "text a", "calculation": "${b}", "trigger": "${b}"},
            {"q": "text b", "calculation": "${a}", "trigger": "${a}"},
        )


def test_a_value_that_is_written_out_is_set(xform: XForm) -> None:
    xml = xform({"q": "text a"}, {"q": "text b"})
    action = b'<setvalue event="xforms-value-changed" ref="/data/b">changed</setvalue>'
    session = Form.load(xml.replace(b'<input ref="/data/a">', b'<input ref="/data/a">' + action)).start()
    session.answer("/data/a", "x")
    assert session.value("/data/b") == "changed"


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ('<setvalue event="xforms-value-changed" ref="/data/nowhere" value="1"/>', "does not exist"),
        ('<setvalue event="xforms-focus" ref="/data/b" value="1"/>', "event xforms-focus"),
        ('<setvalue ref="/data/b" value="1"/>', "event"),
        ('<setvalue event="odk-new-repeat" ref="/data/b" value="1"/>', "repeat around it"),
    ],
)
def test_an_action_that_cannot_happen_is_refused(xform: XForm, action: str, said: str) -> None:
    xml = xform({"q": "text a"}, {"q": "text b"})
    with pytest.raises(FormError, match=said):
        Form.load(xml.replace(b'<input ref="/data/a">', b'<input ref="/data/a">' + action.encode()))
