"""What a material's pages say: read beside the citizen, understood, and what does not fit told until it is accepted."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from contract.codes import PaperDoubt
from contract.items import Material
from kiosk.documents.page_text import PageText
from kiosk.documents.reading import Understood, understand
from kiosk.identity import masked_number
from kiosk.journey.material_pages import KeptPage, MaterialPages
from kiosk.journey.page_reading import PageReading

if TYPE_CHECKING:
    from kiosk.journey.step import Step

#: what names whom a paper is about, in papers of all kinds
NAMES = ("representative", "holder", "name")
#: seconds a doubt must have been on the screen before a touch can mean that the page is given all the same
LEAST_TOLD = 1.0


class MaterialReading:
    """Of one material on one visit of its page. Where the terminal reads nothing, nothing is ever waited for."""

    def __init__(
        self, step: Step, material: Material, content: Callable[[KeptPage], bytes], on_text: Callable[[], None]
    ) -> None:
        """`content` gives a page's picture. `on_text` is called after each page, on the terminal's thread."""
        self._step, self._state, self._material = step, step.state, material
        self._reads = step.parts.settings.reads_papers
        self._on_text = on_text
        self._pages = PageReading(step, content, self._text_came)
        self._kept = MaterialPages()
        #: pages given although something about them does not fit, and since when that is told
        self._accepted: set[str] = set()
        self._told_since = 0.0
        self._known: tuple[tuple[PageText | None, ...], Understood] | None = None

    def warm_up(self) -> None:
        """The models are loaded while the paper is being laid down."""
        if self._reads:
            self._pages.warm_up()

    def look_at(self, kept: MaterialPages) -> None:
        """These are the pages now; those that nobody has read are read."""
        self._kept = kept
        if self._reads:
            self._pages.want(kept.pages)

    def stop(self) -> None:
        """What is being read is read no further."""
        self._pages.stop()

    @property
    def left(self) -> int:
        """How many pages are still to be read."""
        return self._pages.left(self._kept.pages) if self._reads else 0

    @property
    def waits(self) -> str:
        """What is said while the citizen waits for the last pages to be read."""
        total = len(self._kept.pages)
        return self._step.say("scan.reading", number=total - self.left + 1, total=total)

    @property
    def remark(self) -> str:
        """What is said beside the pages of a material whose fields are read."""
        if not self._reads or self._material.reads is None:
            return ""
        if self.left:
            return self._step.say("scan.reading_beside")
        count = len(self.understood.values)
        return self._step.say("scan.read", count=count) if count else ""

    @property
    def understood(self) -> Understood:
        """What the pages say, as far as they are read."""
        applicant = self._state.applicant
        assert applicant is not None
        texts = tuple(self._state.texts.get(page.sha256) for page in self._kept.pages)
        if self._known is None or self._known[0] != texts:
            self._known = texts, understand(self._material, texts, applicant, self._state.company)
        return self._known[1]

    # what does not fit

    @property
    def doubts(self) -> list[PaperDoubt]:
        """About the page looked at, accepted or not."""
        return [doubt for place, doubt in self.understood.doubts if place == self._kept.at]

    def told(self, name: str) -> str:
        """The same in words, `name` being the paper asked for; "" where nothing is, or the citizen accepted it."""
        page = self._kept.shown
        if page is None or page.sha256 in self._accepted:
            return ""
        return "\n".join(self._words(doubt, name, self.understood.values) for doubt in self.doubts)

    def accept(self) -> bool:
        """The page looked at is given all the same; not by a touch that was meant before the doubt was told."""
        page = self._kept.shown
        if page is not None and time.monotonic() - self._told_since >= LEAST_TOLD:
            self._accepted.add(page.sha256)
            return True
        return False

    @property
    def first_doubted(self) -> int | None:
        """The place of the first page that is doubted and not accepted."""
        places = (place for place, _ in self.understood.doubts)
        return next((place for place in places if self._kept.pages[place].sha256 not in self._accepted), None)

    def _text_came(self) -> None:
        if self.doubts:
            self._told_since = time.monotonic()
        self._on_text()

    def _words(self, doubt: PaperDoubt, name: str, said: Mapping[str, str]) -> str:
        """With what the paper says beside what the login says."""
        applicant, company = self._state.applicant, self._state.company
        assert applicant is not None
        match doubt:
            case PaperDoubt.NUMBER_DIFFERS:
                read, login = masked_number(said["number"]), masked_number(applicant.number)
            case PaperDoubt.COMPANY_DIFFERS if company is not None:
                by_code = "code" in said
                read, login = (said["code"], company.uscc) if by_code else (said["name"], company.name)
            case PaperDoubt.NAME_DIFFERS:
                read, login = next(said[key] for key in NAMES if key in said), applicant.name
            case _:
                read = login = ""
        return self._step.say(f"scan.doubt_{doubt}", name=name, read=read, login=login)
