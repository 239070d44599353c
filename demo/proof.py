"""The proof: everything a visit claims, looked up from outside the terminal program."""

from __future__ import annotations

import hashlib
import json
import re
import time
from pathlib import Path
from typing import Any

import pypdfium2
import requests
import zxingcpp

from demo.programs import Failed, run, until
from demo.report import Report
from demo.town import Town

#: the answers the first visit typed or chose, and the one that was worked out
ANSWERS = {
    "/data/person/name": "王示例",
    "/data/person/number": "37029919920318002X",
    "/data/person/sex": "女",
    "/data/person/birth": "1992-03-18",
    "/data/person/household": "local",
    "/data/contact/mobile": "13800000026",
    "/data/insurance/kind": "both",
    "/data/insurance/start": "next_month",
    "/data/payment_page/base": "5000",
}
#: checked one by one: the address, which was changed, and what was worked out
OTHER_ANSWERS = {"/data/contact/address", "/data/payment_page/rate", "/data/payment_page/payment"}
#: a page printer's queue drops a job's file within this many seconds of its end
SPOOL_SECONDS = 30.0
#: encodings in which a trace of the citizen is searched for
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")


class Proof:
    """Checks, each written to the report with what was found."""

    def __init__(self, town: Town, report: Report) -> None:
        self._town, self._report = town, report
        self._session = requests.Session()
        self._session.trust_env = False
        token = Path(str(town.addresses["operator_token_file"])).read_text("ascii").strip()
        self._session.headers["Authorization"] = f"Bearer {token}"

    def _get(self, path: str) -> Any:
        return self._raw(path).json()

    def _raw(self, path: str) -> requests.Response:
        answer = self._session.get(f"{self._town.addresses['operator_url']}/operator/v1{path}", timeout=10)
        if answer.status_code != 200:
            raise Failed(f"the platform answers {answer.status_code} to {path}")
        return answer

    def cases(self, count: int, rated: int, seconds: float = 30.0) -> list[dict[str, Any]]:
        """The platform's cases in the order they came, once there are `count`, `rated` of them with a rating."""

        def look() -> list[dict[str, Any]] | None:
            found = [self._get(f"/cases/{row['case_id']}") for row in self._get("/cases")]
            done = len(found) == count and sum(case["rating"] is not None for case in found) == rated
            return sorted(found, key=lambda case: case["case"]["submitted_at"]) if done else None

        return list(until(f"{count} cases with {rated} ratings on the platform", seconds, look, every=0.3))

    # the first visit

    def first(self, case: dict[str, Any]) -> None:
        """Case, answers, material, signature, rating, receipt, certificate."""
        sent, report = case["case"], self._report
        report.check("the platform has the case, concluded", case["state"] == "10", case["case_number"])
        answers = {answer["path"]: answer["value"] for answer in sent["answers"]}
        right = all(answers.get(path) == value for path, value in ANSWERS.items())
        report.check("every answer is there", right, {path: answers.get(path) for path in ANSWERS})
        others = set(answers) - set(ANSWERS) - OTHER_ANSWERS
        report.check("and no answer nobody gave", not others, sorted(others))
        address = str(self._town.people[0]["address"])
        changed = answers.get("/data/contact/address", "")
        report.check(
            "the answer changed at the end is there",
            changed != address and changed.replace("东门", "", 1) == address,
            "东门",
        )
        report.check("the calculated answer is right", answers.get("/data/payment_page/payment") == "1475", "1475")
        hidden = [path for path in answers if path.startswith("/data/arrival/")]
        report.check("the hidden page has no answers", not hidden, hidden)
        self._materials(case)
        signature = sent["signatures"][0]
        digest = hashlib.sha256(signature["document"].encode()).hexdigest()
        strokes = sum(len(stroke["points"]) for stroke in signature["strokes"])
        bound = digest == signature["document_sha256"] and strokes > 6
        report.check("the signature is bound to the text signed", bound, f"{strokes} points, {digest[:12]}…")
        self._rating(case, "5", ["513", "516"])
        self._receipt(case)
        self._certificate(case, "王示例")

    def _materials(self, case: dict[str, Any]) -> None:
        for material in case["case"]["materials"]:
            content = self._raw(f"/cases/{case['case_id']}/materials/{material['sha256']}").content
            same = hashlib.sha256(content).hexdigest() == material["sha256"]
            name = "the signed letter" if material["material_id"].startswith("letter-") else "the scanned paper"
            good = same and content.startswith(b"%PDF-")
            found = f"{material['sha256'][:12]}…, {len(content)} bytes"
            self._report.check(f"{name} is there, its hash matches", good, found)
            (self._town.out / f"material-{material['material_id']}.pdf").write_bytes(content)

    def _rating(self, case: dict[str, Any], level: str, reasons: list[str]) -> None:
        rating = case["rating"]
        good = rating["satisfaction"] == level and rating["reasons"] == reasons
        self._report.check("the rating is there", good, f"{rating['satisfaction']} {rating['reasons']}")

    def _receipt(self, case: dict[str, Any]) -> None:
        number = case["case_number"]
        texts = {path: receipt_text(path.read_bytes()) for path in (self._town.out / "receipts").glob("*.bin")}
        found = next((path for path, text in texts.items() if number in text), None)
        wanted = ["受理凭证", number, case["case"]["item_name"], case["case"]["applicant"]["name"]]
        missing = [word for word in wanted if found is None or word not in texts[found]]
        self._report.check(
            "the receipt's bytes say so in Chinese", not missing, found.name if found and not missing else missing
        )

    def _certificate(self, case: dict[str, Any], holder: str) -> None:
        number = case["certificate"]["number"]
        report = self._report
        pages = {path: pdf_text(path) for path in (self._town.out / "pages").glob("*.pdf")}
        found = next((path for path, text in pages.items() if number in text), None)
        if found is None:
            report.check(f"the certificate {number} was printed", False, sorted(p.name for p in pages))
            return
        report.check("the printed certificate holds name and number", holder in pages[found], [found.name, number])
        printed = sum(number in text for text in pages.values())
        report.check("the certificate was printed once", printed == 1, printed)
        code = qr_text(found)
        verified = self._verify(code)
        good = verified.get("number") == number and verified.get("holder") == holder
        report.check("its QR code decodes and verifies", good, verified.get("number", verified))
        changed = code[:-2] + ("A" if code[-2] != "A" else "B") + code[-1]
        report.check("a changed code does not verify", not self._verify(changed).get("number"), changed != code)

    def _verify(self, code: str) -> dict[str, Any]:
        keys = [f"--key={key['id']}={key['public']}" for key in self._get("/certificate-keys")]
        try:
            said = run("kiosk.documents", "verify-code", code, *keys, "--json", log=self._town.commands)
        except Failed as error:
            return {"refused": str(error)[-120:]}
        return dict(json.loads(said))

    # the second visit

    def offline(self) -> None:
        """While the cable is out: the platform has no second rating."""
        rated = [self._get(f"/cases/{row['case_id']}")["rating"] is not None for row in self._get("/cases")]
        self._report.check("while the network is cut the second rating is not on the platform", sum(rated) == 1, rated)

    def second(self, case: dict[str, Any]) -> None:
        """Case, rating after the cut, receipt, certificate."""
        self._report.check(
            "the second case came by the citizen's code", case["case"]["login"] == "citizen_code", "居民码"
        )
        self._rating(case, "4", ["412"])
        self._receipt(case)
        self._certificate(case, "李样本")

    # the third and the fourth

    def surer(self, third: dict[str, Any], fourth: dict[str, Any]) -> None:
        """How surely the platform knows both, receipts, certificates."""
        known = [(case["case"]["login"], case["case"]["assurance"]) for case in (third, fourth)]
        report = self._report
        report.check("the third citizen came by the phone in the end", known[0][0] == "phone", known[0])
        report.check("the fourth by the ID card and the face on it", known[1] == ("id_card", 3), known[1])
        self._receipt(third)
        self._certificate(third, "李样本")
        self._receipt(fourth)
        self._certificate(fourth, "王示例")

    # what is left behind

    def outbox_empty(self) -> bool:
        """Whether the terminal's last heartbeat says that nothing waits to be delivered."""
        beats = [terminal["heartbeat"] for terminal in self._get("/terminals") if terminal["heartbeat"]]
        return bool(beats) and all(beat["outbox_waiting"] == beat["outbox_parked"] == 0 for beat in beats)

    def papers(self) -> None:
        """Papers that came out against cases: one receipt and one certificate each."""
        counts = [
            len(list((self._town.out / name).glob(f"*.{kind}")))
            for name, kind in (("receipts", "bin"), ("pages", "pdf"))
        ]
        self._report.check("four receipts and four certificates came out, no more", counts == [4, 4], counts)

    def no_trace(self) -> None:
        """Neither citizen can be found on the terminal: data folder, temporary folder, logs of its programs.

        The printer's spool gives its last job up some seconds after it was printed.
        """
        deadline = time.monotonic() + SPOOL_SECONDS
        found, searched = self._traces()
        while found and time.monotonic() < deadline:
            time.sleep(1)
            found, searched = self._traces()
        self._report.check(
            "data, temporary and spool folders and the logs hold no trace of either citizen",
            not found,
            found or searched,
        )

    def _traces(self) -> tuple[list[str], str]:
        """Where something of them stands, and how much was searched."""
        town = self._town
        logs = [town.log / "terminal.log", town.log / "agent.log"]
        assert town.devices is not None
        folders = [town.terminal_data, town.temporary, Path(town.devices.page_printer.announced["spool"])]
        # their temporary files lie in memory, by the process's number
        for name, program in (("kiosk", town.terminal), ("sync", town.agent)):
            folders += [Path(f"/dev/shm/bianmin-{name}-{program.process.pid}")] if program else []
        # `reserve` is room that is set aside on the disk: nobody writes into it
        kept = (path for folder in folders for path in folder.rglob("*") if path.name != "reserve")
        places = [*kept, *logs]
        texts = [town.people[place][key] for place in (0, 1) for key in ("name", "number", "address")] + ["13800000026"]
        needles = {text.encode(encoding): text for text in texts for encoding in ENCODINGS}
        needles |= {b"%PDF-": "a PDF", b"\xff\xd8\xff\xe0": "a JPEG"}
        found: list[str] = []
        count = size = 0
        for path in places:
            try:
                content = path.read_bytes() if path.is_file() else b""
            except FileNotFoundError:  # a file of a moment
                continue
            count, size = count + bool(content), size + len(content)
            place = path.relative_to(town.out) if path.is_relative_to(town.out) else path
            found += [f"{place}: {_kind(what)}" for mark, what in needles.items() if mark in content]
        return found, f"{count} files, {size} bytes, {len(needles)} patterns"


def _kind(text: str) -> str:
    """What was found, without saying it again."""
    return text if text.startswith("a ") else f"a text of {len(text)} characters"


def receipt_text(data: bytes) -> str:
    """The Chinese text in ESC/POS bytes: FS & … FS . holds GB18030, the rest is commands and ASCII."""
    text = ""
    for part in re.split(rb"\x1c[&.]", data):
        text += part.decode("gb18030", "ignore")
    return re.sub(r"[\x00-\x1f]", "", text)


def pdf_text(path: Path) -> str:
    """All text of a PDF."""
    document = pypdfium2.PdfDocument(path)
    try:
        return "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def qr_text(path: Path) -> str:
    """The QR code on the first page, as a camera would see it at 200 dpi."""
    document = pypdfium2.PdfDocument(path)
    try:
        picture = document[0].render(scale=200 / 72).to_pil().convert("L")
    finally:
        document.close()
    codes = zxingcpp.read_barcodes(picture)
    return codes[0].text if codes else ""
