"""An XForms engine for Python: loads the XForms that pyxform makes of XLSForm workbooks and runs them.

A library of its own; it imports nothing of this house. In ten lines:

    form = Form.load(xml)
    session = form.start(language="zh", prefill={"identity/name": "王示例"})
    while session.page:
        for question in session.page.questions:
            session.answer(question.path, ask(question))
        if not session.problems():
            session.forward()
    finished = session.finish()

Source: ODK XForms specification 1.0 (getodk.github.io/xforms-spec). What is not run is refused when the form is loaded,
naming its place, never ignored; docs/forms.md has every line of the specification and the test that proves it.
"""

from kiosk.forms.checks import Refusal
from kiosk.forms.errors import FormError, FormsError, Incomplete, TooManyRepeats, UnknownQuestion
from kiosk.forms.form import Form
from kiosk.forms.page import Choice, Page, Question, RepeatPage, RepeatRow
from kiosk.forms.session import Finished, FormSession

__all__ = [
    "Choice",
    "Finished",
    "Form",
    "FormError",
    "FormSession",
    "FormsError",
    "Incomplete",
    "Page",
    "Question",
    "Refusal",
    "RepeatPage",
    "RepeatRow",
    "TooManyRepeats",
    "UnknownQuestion",
]
