"""受理凭证 and 收件凭证: what the receipt printer prints. Always Chinese: it is an official paper."""

from __future__ import annotations

from contract.cases import Case, CaseAnswer
from contract.items import ServiceItem
from drivers.receipt_printer.document import Feed, Field, Heading, Line, Qr, Receipt, Rule, Text
from kiosk.identity import masked_number
from kiosk.words import say
from offline_cache.settings import Settings


def receipt(case: Case, item: ServiceItem, settings: Settings, answer: CaseAnswer | None) -> Receipt:
    """受理凭证 once the platform accepted (`answer`), before that 收件凭证, which says it is not accepted yet."""
    accepted = answer is not None and answer.accepted_at is not None
    number = answer.case_number if answer else case.receipt_number
    local = case.submitted_at.astimezone()
    lines: list[Line] = [
        Heading(say("receipt.accepted" if accepted else "receipt.received")),
        Text(settings.hall.zh),
        Rule(),
        Field(say("receipt.case_number" if answer else "receipt.receipt_number"), number),
        *([Field(say("receipt.notice_number"), answer.notice.number)] if answer and answer.notice else []),
        Field(say("receipt.item"), case.item_name),
        Field(say("receipt.applicant"), case.applicant.name),
        Field(say("receipt.id_number"), masked_number(case.applicant.number)),
        *_others(case),
        Field(say("receipt.submitted"), f"{local:%Y-%m-%d %H:%M}"),
        Field(say("receipt.office"), item.dept_name.zh),
        Field(say("receipt.terminal"), f"{case.terminal_id} {settings.place}".strip()),
    ]
    letters = {signature.pdf_sha256 for signature in case.signatures}
    papers = [material.name for material in case.materials if material.sha256 not in letters]
    papers += [say("receipt.signed", title=signature.title) for signature in case.signatures]
    if papers:
        lines.append(Text(say("receipt.papers"), bold=True))
        lines += [Text(f"{place}. {name}") for place, name in enumerate(papers, 1)]
    lines.append(Rule())
    if answer and (issued := answer.certificate or answer.document):
        lines.append(Text(say("receipt.concluded", name=issued.name.zh)))
    elif answer and answer.notice and answer.notice.owed_by:
        owed_by = answer.notice.owed_by.astimezone()
        lines.append(Text(say(f"receipt.{answer.notice.outcome.value}", day=f"{owed_by:%Y-%m-%d}")))
        lines += [Text(f"· {paper.name}") for paper in answer.notice.owed]
    elif answer and not accepted:
        lines.append(Text(say("receipt.not_accepted")))
    elif answer and answer.due_at:
        lines.append(Text(say("receipt.due", day=f"{answer.due_at.astimezone():%Y-%m-%d}")))
    elif not accepted:
        lines.append(Text(say("receipt.not_yet")))
    lines += [Qr(number), Text(say("receipt.query", phone=settings.phone or item.guide.consult)), Feed(1)]
    return Receipt(tuple(lines))


def on_screen(document: Receipt) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The title, and each line as label and value, "" and a sentence: all of the paper but its codes."""
    title = next(line.text for line in document.lines if isinstance(line, Heading))
    rows = []
    for line in document.lines:
        if isinstance(line, Field):
            rows.append((line.label, line.value))
        elif isinstance(line, Text):
            rows.append(("", line.text))
    return title, tuple(rows)


def for_phone(document: Receipt) -> str:
    """What a phone keeps of it where the network is down: the number, the item and the day. Nothing of the person."""
    kept = {say(f"receipt.{key}") for key in ("case_number", "receipt_number", "item", "submitted", "office")}
    title, rows = on_screen(document)
    return "\n".join([title, *(f"{label} {value}" for label, value in rows if label in kept)])


def _others(case: Case) -> list[Line]:
    """For whom, by whom and with whose help, where the applicant did not come alone."""
    lines: list[Line] = []
    if case.company:
        lines += [Field(say("receipt.company"), case.company.name), Field(say("receipt.uscc"), case.company.uscc)]
    if case.agent:
        lines.append(Field(say("receipt.agent"), case.agent.name))
    if case.helper:
        lines.append(Field(say("receipt.helper"), f"{case.helper.name} {case.helper.id}"))
    return lines
