"""The form, page by page: what is typed is kept at once, and judged when the citizen goes on."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from kiosk.forms import Form, FormError, FormSession, Incomplete, Page, RepeatPage
from kiosk.journey import intents
from kiosk.journey.form_page import FormPage
from kiosk.journey.prefill import prefill, to_confirm, unconfirmed
from kiosk.journey.route import Stop
from kiosk.journey.step import Step
from kiosk.journey.views import EntryRow, QuestionView, RepeatView
from offline_cache.errors import NoRelease

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey

log = logging.getLogger(__name__)


class AskForm(Step):
    """One page of the form. `change` is the path of one answer to change before returning to the check.

    `judge` says at once what is wrong with that page. `within` is an entry of a repeat whose pages lead back to the
    list of all.
    """

    part = "form"

    def __init__(
        self,
        journey: Journey,
        stop: Stop,
        backwards: bool = False,
        change: str = "",
        judge: bool = False,
        within: str = "",
        here: bool = False,
    ) -> None:
        super().__init__(journey)
        self._stop, self._backwards, self._change, self._judge = stop, backwards, change, judge
        self._within, self._here = within, here
        self._removing = self._unfinished = ""

    def enter(self) -> None:
        try:
            self._session = self._open()
        except FormError as error:
            raise NoRelease(f"the form {self.journey.item.form} does not load: {error}") from None
        self._page = FormPage(self.journey, self._session, opened=self._change)
        if self._here:
            pass
        elif self._change:
            self._session.go_to(self._change)
        elif self._backwards:
            self._session.back()
        elif self._session.page is None:
            self._session.go_to(self._session.pages()[0].path)
        if self._judge:
            self._page.judge()
        self.journey.save()

    def _open(self) -> FormSession:
        values = prefill(self.state, self.journey.item)
        if self.state.form is None:
            installed, item = self.journey.installed, self.journey.item
            form = Form.load(installed.form(item), installed.form_resources(item))
            self.state.form = form.start(self.journey.language, values)
        else:
            self.state.form.refill(values)
        return self.state.form

    def view(self) -> QuestionView | RepeatView:
        page = self._shown
        before, total = self._session.progress
        place = self.say("question.place", number=before + 1, total=total) if total > 1 and not self._change else ""
        if isinstance(page, RepeatPage):
            return RepeatView(
                title=page.title,
                help=page.hint,
                rows=tuple(EntryRow(row.path, row.label or self.say("repeat.unnamed")) for row in page.rows),
                can_add=page.can_add,
                can_remove=page.can_remove,
                removing=self._removing,
                place=place,
                problem=self.say("repeat.unfinished", name=self._unfinished) if self._unfinished else "",
            )
        return self._page.view(page, self._change, place)

    def buttons(self) -> tuple[str, str, bool]:
        page = self._shown
        if isinstance(page, RepeatPage):
            return "button.back", "button.no_more" if page.rows else "button.none", True
        return super().buttons()

    @property
    def _shown(self) -> Page | RepeatPage:
        page = self._session.page
        if page is None:
            raise ValueError("the form is at its end")
        return page

    def handle(self, event: object) -> Step | None:
        match event:
            case intents.Forward():
                return self._forward()
            case intents.Back():
                return self._back()
            case intents.Photograph(path) if self._page.question(path, "image", "file"):
                return self._aside("photograph", path)
            case intents.ReadBarcode(path) if self._page.question(path, "barcode"):
                return self._aside("answer_code", path)
            case intents.AddEntry() | intents.ChangeEntry() | intents.RemoveEntry():
                self._entries(event)
            case intents.Intent():
                self._page.handle(event)
        return None

    def _aside(self, name: str, path: str) -> Step:
        """To a device that gives the answer, and back to this page."""
        back = {"stop": self._stop, "change": self._change, "within": self._within, "here": True}
        return self.journey.make(name, path=path, back=back)

    # several of the same

    def _entries(self, event: object) -> None:
        page = self._shown
        if not isinstance(page, RepeatPage):
            return
        paths = [row.path for row in page.rows]
        removing, self._removing, self._unfinished = self._removing, "", ""
        match event:
            case intents.AddEntry() if page.can_add:
                self._session.add_repeat(page.path)
                self._within = f"{page.path}[{len(page.rows) + 1}]"
            case intents.ChangeEntry(path) if path in paths:
                # not go_to(path): the first entry's path and the list's are one to the engine
                self._session.go_to(next(each.path for each in self._session.pages() if _inside(each, path)))
                self._within = path
            case intents.RemoveEntry(path, sure) if path in paths and page.can_remove:
                if sure and path == removing:
                    self._session.remove_repeat(path)
                else:
                    self._removing = path
        self.journey.save()

    # going on and back

    def _forward(self) -> Step | None:
        page = self._shown
        if isinstance(page, Page) and not self._page.complete():
            return None
        if isinstance(page, RepeatPage) and self._unfinished_entry(page):
            return None
        self._removing = ""
        self._session_confirmed(page)
        if self._within:
            self._session.forward()
            self._back_to_list()
        elif self._change:
            return self._back_to_check()
        else:
            self._session.forward()
        self.journey.save()
        return self.journey.after(self._stop) if self._session.page is None else None

    def _unfinished_entry(self, page: RepeatPage) -> bool:
        """Whether an entry of the list was left half-way; it is named."""
        pages = self._session.pages()
        unfinished = (
            row for row in page.rows if any(self._session.problems(each) for each in pages if _inside(each, row.path))
        )
        row = next(unfinished, None)
        self._unfinished = (row.label or self.say("repeat.unnamed")) if row else ""
        return row is not None

    def _session_confirmed(self, page: Page | RepeatPage) -> None:
        """What the citizen chose before the form, and has now seen in it, is confirmed too."""
        for question in page.questions:
            if not question.confirmed and not to_confirm(question):
                self._session.confirm(question.path)

    def _back_to_list(self) -> None:
        """From the last page of an entry to the list of all; inside it, nothing."""
        page = self._session.page
        if page is None or not _inside(page, self._within):
            self._session.go_to(self._within.rpartition("[")[0])
            self._within = ""

    def _back_to_check(self) -> Step | None:
        """To the check again; but first to each page the change brought up and nobody has answered."""
        try:
            self._session.finish()
            self._change = unconfirmed(self._session)
        except Incomplete as error:
            self._change = next(iter(error.problems))
        if not self._change:
            return self.journey.at(Stop("check"))
        self._session.go_to(self._change)
        self.journey.save()
        return None

    def _back(self) -> Step | None:
        self._page.forget_errors()
        self._removing = ""
        if self._within:
            if self._session.back() is None:
                self._session.go_to(self._within.rpartition("[")[0])
            self._back_to_list()
            return None
        if self._change:
            return self.journey.at(Stop("check"))
        return self.journey.before(self._stop) if self._session.back() is None else None


def _inside(page: Page | RepeatPage, entry: str) -> bool:
    """Whether a page belongs to an entry of a repeat. The engine may write the first as [1] or leave it out."""
    if isinstance(page, RepeatPage) and page.path == entry.rpartition("[")[0]:
        return False
    path, entry = f"{page.path}/".replace("[1]", ""), f"{entry}/".replace("[1]", "")
    return path.startswith(entry)
