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

Source: ODK XForms specification 1.0 (getodk.github.io/xforms-spec). What is not run yet (repeats, media, rank)
is refused when the form is loaded, never ignored.
"""

from kiosk.forms.errors import FormError, Incomplete
from kiosk.forms.form import Form
from kiosk.forms.page import Choice, Page, Question
from kiosk.forms.session import Finished, FormSession, Refusal

__all__ = ["Choice", "Finished", "Form", "FormError", "FormSession", "Incomplete", "Page", "Question", "Refusal"]
