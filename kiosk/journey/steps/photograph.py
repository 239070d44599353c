"""A picture that answers a question of the form: taken with the document camera, kept as a material of the case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contract.cases import MaterialSent
from kiosk.cases.answer_files import file_name
from kiosk.documents.pdf import pages_to_pdf
from kiosk.documents.scanning import ScannedPage
from kiosk.forms import Question
from kiosk.journey.step import Step
from kiosk.journey.steps.scan import ScanPaper

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey


class Photograph(ScanPaper):
    """The answer is the file's name. An image is kept as JPEG, a file as PDF."""

    part = "form"

    def __init__(self, journey: Journey, path: str, back: dict[str, Any]) -> None:
        super().__init__(journey)
        self._path, self._back = path, back

    @property
    def _question(self) -> Question:
        form = self.state.form
        assert form is not None and form.page is not None
        return next(question for question in form.page.questions if question.path == self._path)

    @property
    def paper(self) -> str:
        return self._question.label

    @property
    def pages(self) -> int:
        return 1 if self._question.value else 0

    def back(self) -> Step:
        return self.journey.make("form", **self._back)

    def use(self) -> Step:
        assert self._page is not None
        return self.keep(self._page)

    def keep(self, page: ScannedPage) -> Step:
        """Store it as the answer, and go back to the form."""
        visit, form, question = self.journey.visit, self.state.form, self._question
        assert visit is not None and form is not None
        image = question.kind == "image"
        content = page.picture if image else pages_to_pdf([page])
        digest = self.parts.cache.visits.keep_material(visit, content)
        name = file_name(digest, "jpg" if image else "pdf")
        before = self.state.materials.pop(question.value, None)
        if before is not None and before.sha256 != digest:
            self.parts.cache.visits.drop_material(visit, before.sha256)
        self.state.materials[name] = MaterialSent(
            material_id=name,
            name=question.label,
            media_type="image/jpeg" if image else "application/pdf",
            sha256=digest,
            size=len(content),
            pages=1,
        )
        form.answer(self._path, name)
        self.journey.save()
        return self.back()
