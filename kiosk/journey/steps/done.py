"""Submitted: first this terminal has it (本机已收下), later the office accepts it (已受理); papers, card, rating."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from contract.cases import Case, CaseAnswer
from contract.codes import Outcome
from contract.outcomes import Notice
from drivers.printing import PrintOutcome
from drivers.receipt_printer.document import Receipt
from kiosk.cases import certificate_paper
from kiosk.cases.assemble import assemble
from kiosk.cases.certificate_paper import Ready, Withheld
from kiosk.cases.papers import Made, Papers
from kiosk.cases.receipts import for_phone, on_screen, receipt
from kiosk.documents import notices
from kiosk.documents.errors import TypesettingError
from kiosk.documents.pdf import page_count
from kiosk.journey import intents
from kiosk.journey.events import Tick
from kiosk.journey.step import Step
from kiosk.journey.views import CertificateView, DoneView, ReceiptView
from kiosk.ratings import levels, rating, reasons
from offline_cache.errors import NoRelease

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey

log = logging.getLogger(__name__)

#: seconds a certificate is shown before it is printed
LOOK_SECONDS = 6.0
#: seconds the citizen waits for the platform's answer before a receipt of this terminal is printed instead
ANSWER_SECONDS = 10.0

State = Literal["sending", "received", "accepted", "owing", "concluded", "to_supplement", "not_accepted"]

#: what the page says of an answer without a certificate
_STATES: dict[Outcome, State] = {
    Outcome.ACCEPTED_OWING: "owing",
    Outcome.TO_SUPPLEMENT: "to_supplement",
    Outcome.NOT_ACCEPTED: "not_accepted",
}


class Done(Step):
    """The end of a service. The case is kept, with its delivery, in one transaction when the step is entered."""

    part = "submit"

    def __init__(self, journey: Journey) -> None:
        super().__init__(journey)
        self._state: State = "sending"
        self._answer: CaseAnswer | None = None
        self._level = ""
        self._chosen: frozenset[str] = frozenset()
        self._rated = False
        #: the certificate: None until it is known what becomes of it
        self._certificate: Ready | Withheld | None = None
        self._receipt: Receipt | None = None
        #: when the certificate that is shown is printed, and how
        self._prints: tuple[float, Callable[[], None]] | None = None

    def enter(self) -> None:
        visit = self.journey.visit
        assert visit is not None
        self._case = self._submit()
        self._since = time.monotonic()
        self._papers = Papers(self.parts, visit.id)
        self._papers.expect("receipt", self.say("paper.receipt"))
        if self._result:
            self._papers.expect("certificate", self._result)

    @property
    def _result(self) -> str:
        result = self.journey.item.result
        return result.name.in_language(self.journey.language) if result else ""

    def _submit(self) -> Case:
        journey, cache, settings = self.journey, self.parts.cache, self.parts.settings
        finished = self.state.form.finish() if self.state.form else None
        version, at = journey.installed.about.version, cache.clock.today()

        def make(number: str) -> Case:
            return assemble(self.state, journey.item, settings.id, number, version, finished, at)

        assert journey.visit is not None
        case = cache.outbox.submit(journey.visit, self.state.case_id, settings.label, at.astimezone(), make)
        log.info("case %s is kept", case.case_id)
        return case

    # what happens

    def handle(self, event: object) -> Step | None:
        match event:
            case Tick():
                self._look_for_answer()
                self._papers.look()
                if self._prints and time.monotonic() >= self._prints[0]:
                    self._decided()()
            case intents.Back() if self._prints:
                self._papers.hold("certificate", self._decided())
            case intents.Forward() if self._prints:
                self._decided()()
            case intents.PaperSeen(paper, came):
                self._papers.seen(paper, came)
            case intents.PrintAgain(paper):
                self._papers.again(paper)
            case intents.Rate(level) if not self._rated:
                self._level, self._chosen = level, frozenset()
            case intents.ToggleReason(code) if not self._rated:
                self._chosen = self._chosen ^ {code}
            case intents.SendRating() if self._level and not self._rated:
                assert self.journey.visit is not None
                cache = self.parts.cache
                given = rating(self._case, self._level, self._chosen, cache.clock.today())
                cache.outbox.put_rating(self.journey.visit, given)
                self._rated = True
            case intents.Back() if self._may_leave:
                return self.journey.make("home")
            case intents.Forward() if self._may_leave:
                return self.journey.leave("finish")
        return None

    def _decided(self) -> Callable[[], None]:
        """There is nothing to decide any more about the certificate; what prints it."""
        assert self._prints is not None
        (_, print_now), self._prints = self._prints, None
        return print_now

    @property
    def _may_leave(self) -> bool:
        return self._state != "sending" and not self._preparing and not self._papers.printing()

    @property
    def _preparing(self) -> bool:
        return self._state == "concluded" and (self._certificate is None or self._prints is not None)

    def _look_for_answer(self) -> None:
        if self._answer is not None:
            return
        assert self.journey.visit is not None
        answer = self.parts.cache.outbox.answer(self.journey.visit, str(self._case.case_id))
        if answer is not None:
            self._answer = answer
            outcome = answer.notice.outcome if answer.notice else Outcome.ACCEPTED
            issued = answer.certificate or answer.document
            self._state = "concluded" if issued else _STATES.get(outcome, "accepted")
            self._print_receipt(answer)
            if issued:
                self._prepare_certificate(answer)
            else:
                # an office decides first: nothing is about to be printed
                self._papers.cancel("certificate")
                if answer.notice:
                    self._print_notice(answer.notice)
        elif self._state == "sending" and (self._offline or time.monotonic() - self._since > ANSWER_SECONDS):
            self._state = "received"
            self._print_receipt(None)

    @property
    def _offline(self) -> bool:
        return self.journey.network == "offline"

    def _print_receipt(self, answer: CaseAnswer | None) -> None:
        printer = self.parts.devices.receipt_printer
        self._receipt = document = receipt(self._case, self.journey.item, self.parts.settings, answer)
        number = answer.case_number if answer else self._case.receipt_number

        def make() -> Made | PrintOutcome:
            return Made(lambda: printer.print(document)) if printer else PrintOutcome("failed", "no-device")

        self._papers.print("receipt", self.say("paper.receipt"), number, make)

    def _prepare_certificate(self, answer: CaseAnswer) -> None:
        """Check and draw it elsewhere; then it is shown, and printed or withheld."""
        case, item, installed, service = self._case, self.journey.item, self.journey.installed, self.parts.documents
        issued = answer.certificate or answer.document
        assert issued is not None
        self._certificate = None

        def work() -> Ready | Withheld:
            if answer.document is not None:
                return certificate_paper.finished(answer.document, case, item, installed, service)
            assert answer.certificate is not None
            return certificate_paper.laid_out(answer.certificate, case, item, installed)

        name = issued.name.in_language(self.journey.language)

        def prepared(paper: Ready | Withheld) -> None:
            self._certificate = paper
            if isinstance(paper, Ready):
                self._papers.expect("certificate", name)
                self._prints = (
                    time.monotonic() + LOOK_SECONDS,
                    lambda: self._print_certificate(name, issued.number, paper.pdf),
                )
            else:
                fetch = (lambda: self._prepare_certificate(answer)) if paper.not_here else None
                self._papers.withhold("certificate", name, issued.number, paper.line, fetch)

        self.ask(work, prepared)

    def _print_certificate(self, name: str, number: str, pdf: bytes) -> None:
        self._print_page("certificate", name, number, lambda: pdf)

    def _print_notice(self, notice: Notice) -> None:
        installed, item = self.journey.installed, self.journey.item

        def lay_out() -> bytes | None:
            try:
                return notices.render(notice, installed.template(item, "notice"), installed.about.city.zh)
            except (TypesettingError, NoRelease):
                return None

        self._print_page("notice", notice.title, notice.number, lay_out)

    def _print_page(self, kind: str, name: str, number: str, lay_out: Callable[[], bytes | None]) -> None:
        printer = self.parts.devices.page_printer

        def make() -> Made | PrintOutcome:
            if printer is None:
                return PrintOutcome("failed", "no-device")
            pdf = lay_out()
            if pdf is None:
                return PrintOutcome("failed", "template")
            return Made(lambda: printer.print(pdf, kind), page_count(pdf))

        self._papers.print(kind, name, number, make, once=True, rules=self.journey.item.printing)

    # what is shown

    def view(self) -> DoneView:
        language, waited = self.journey.language, time.monotonic() - self._since
        progress = None
        if self._state == "sending":
            progress = min(waited / ANSWER_SECONDS, 1.0)
        elif self._preparing or self._papers.printing():
            progress = min(0.3 + waited / 30.0, 0.95)
        key = "case_number" if self._answer else "receipt_number"
        return DoneView(
            state=self._state,
            title=self.say(f"done.{self._state}"),
            line=self.say(self._line),
            number_label=self.say(f"done.{key}"),
            number=self._answer.case_number if self._answer else self._case.receipt_number,
            papers=self._papers.rows(language),
            progress=progress,
            card_present=self.journey.card_present or self.journey.smart_card_present,
            card_in_slot=not self.journey.card_present,
            levels=levels(language),
            level=self._level,
            reasons=reasons(self._level, self._chosen, language),
            rated=self._rated,
            receipt=self._shown_receipt(),
            certificate=self._shown_certificate(),
        )

    def _shown_receipt(self) -> ReceiptView | None:
        """The receipt itself, where it did not come out."""
        return ReceiptView(*on_screen(self._receipt)) if self._receipt and self._papers.missing("receipt") else None

    def _shown_certificate(self) -> CertificateView | None:
        """The page that is printed and whose seal it bears, or where a phone may fetch the file."""
        paper, answer = self._certificate, self._answer
        # what is about to be printed is looked at first, whatever became of the receipt
        if self._prints is None and self._receipt is not None and self._papers.missing("receipt"):
            if answer is None or not answer.receipt_link:
                return CertificateView(self.say("done.number_by_phone"), b"", "", for_phone(self._receipt))
            address = self.parts.settings.fleet_url.rstrip("/") + answer.receipt_link
            return CertificateView(self.say("done.receipt_by_phone"), b"", "", address)
        if isinstance(paper, Ready):
            seal = self.say("seal.signed", signer=paper.signer, date=paper.sealed_on) if paper.signer else ""
            if self._prints is not None:
                left = max(0, round(self._prints[0] - time.monotonic()))
                return CertificateView(self.say("seal.about_to_print", seconds=left), paper.preview, seal, seconds=left)
            if not self._papers.held("certificate") and paper.preview:
                return CertificateView(self.say("seal.preview"), paper.preview, seal)
        document = answer.document if answer else None
        by_phone = paper.phone if isinstance(paper, Withheld) else self._papers.held("certificate")
        if by_phone and document is not None and document.link:
            address = self.parts.settings.fleet_url.rstrip("/") + document.link
            return CertificateView(self.say("seal.phone"), b"", "", address)
        return None

    @property
    def _line(self) -> str:
        states = {paper.state for paper in self._papers.rows(self.journey.language)}
        if self._state != "concluded" or states & {"waiting", "printing"}:
            return "done.about_to_print_line" if self._prints else f"done.{self._state}_line"
        if states <= {"printed"}:
            return "done.printed_line"
        return "done.held_line" if states <= {"printed", "held"} else "done.look_line"

    def buttons(self) -> tuple[str, str, bool]:
        if self._prints:
            return "button.hold_print", "button.print_now", True
        return "button.again" if self._may_leave else "", "button.finish", self._may_leave
