"""The books after a run: what was promised, what the memory says, what is in the trays, what the platform has."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

from demo.programs import run
from demo.proof import pdf_text, receipt_text
from tests.journeys.town_hall import TownHall


class Books:
    """Of one terminal, from before its first citizen. What others brought to this town before is not in them."""

    def __init__(self, hall: TownHall, data: Path) -> None:
        self._hall, self._data = hall, data
        #: numbers that citizens saw as received
        self.promised: set[str] = set()
        self.problems: list[str] = []
        self._before: set[str] = set()
        self._before = {case["case_id"] for case in self._cases()} | {str(paper) for paper in self._trays()}

    def _query(self, sql: str) -> list[dict[str, Any]]:
        with contextlib.closing(sqlite3.connect(f"file:{self._data}/store.db?mode=ro", uri=True, timeout=20)) as store:
            store.row_factory = sqlite3.Row
            return [dict(row) for row in store.execute(sql)]

    def nothing_owed(self) -> bool:
        """Whether everything is delivered, every visit ended and shredded."""
        owed = self._query("select 1 from visits where ended_at is null or wrapped_key is not null limit 1")
        return not owed and not self._query("select 1 from outbox where state != 'delivered' limit 1")

    def audit(self) -> str:
        """Compare them; `problems` then holds what does not agree. A line of what was compared."""
        cases = self._cases()
        self._cases_against_promises(cases)
        materials = self._materials(cases)
        papers = self._papers()
        self._store()
        self._audit_log()
        return (
            f"{len(self.promised)} numbers were promised, {len(cases)} cases are on the platform,"
            f" {materials} materials byte for byte, {papers} papers in the trays"
        )

    def _cases(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while page := self._hall.get(f"/cases?limit=500&offset={len(found)}").json():
            found += page
        return [case for case in found if case["case_id"] not in self._before]

    def _cases_against_promises(self, cases: list[dict[str, Any]]) -> None:
        numbers = Counter(case[name] for case in cases for name in ("receipt_number", "case_number"))
        for number in sorted(self.promised):
            if numbers[number] != 1:
                self.problems.append(f"{number} was promised and is on the platform {numbers[number]} times")
        self.problems += [
            f"{number} is on the platform {count} times" for number, count in numbers.items() if count > 1
        ]
        kept = {row["id"] for row in self._query("select id from outbox where kind = 'case'")}
        arrived = {case["case_id"] for case in cases}
        self.problems += [f"the terminal kept {identifier}, the platform has not" for identifier in kept - arrived]
        self.problems += [f"the platform has {identifier}, the terminal never kept it" for identifier in arrived - kept]

    def _materials(self, cases: list[dict[str, Any]]) -> int:
        count = 0
        for summary in cases:
            case = self._hall.case(summary["case_id"])
            named = {material["sha256"] for material in case["case"]["materials"]}
            held = {material["sha256"] for material in case["materials"]}
            if named != held:
                self.problems.append(f"{summary['case_id']} names {len(named)} materials, {len(held)} are held")
            for digest in named & held:
                count += 1
                if hashlib.sha256(self._hall.material(case, digest)).hexdigest() != digest:
                    self.problems.append(f"a material of {summary['case_id']} is not what was kept")
        return count

    def _papers(self) -> int:
        """Confirmed papers are in the tray, failed ones are not, uncertain ones may be; and no certificate twice."""
        trays = [path for path in self._trays() if str(path) not in self._before]
        pages = [pdf_text(path) for path in trays if path.suffix == ".pdf"]
        receipts = [receipt_text(path.read_bytes()) for path in trays if path.suffix == ".bin"]
        lines = self._query("select kind, number, state from prints where number != ''")
        states: dict[tuple[str, str], Counter[str]] = {}
        for line in lines:
            states.setdefault((line["kind"], line["number"]), Counter())[line["state"]] += 1
        for (kind, number), count in states.items():
            papers = sum(number in text for text in (receipts if kind == "receipt" else pages))
            open_states = set(count) - {"confirmed", "uncertain", "failed"}
            if open_states:
                self.problems.append(f"{kind} {number} is left {open_states}")
            if not count["confirmed"] <= papers <= count["confirmed"] + count["uncertain"]:
                self.problems.append(f"{kind} {number}: {papers} in the tray, the ledger says {dict(count)}")
            if kind == "certificate" and papers > 1:
                self.problems.append(f"certificate {number} is in the tray {papers} times")
        return len(pages) + len(receipts)

    def _trays(self) -> list[Path]:
        out = self._hall.town.out
        return [*(out / "pages").glob("*.pdf"), *(out / "receipts").glob("*.bin")]

    def _audit_log(self) -> None:
        said = run("offline_cache.audit", "verify", "--data", str(self._data), log=self._hall.town.commands)
        if "OK" not in said.upper():
            self.problems.append(f"the audit log: {said.strip()}")

    def _store(self) -> None:
        [row] = self._query("pragma integrity_check")
        if row["integrity_check"] != "ok":
            self.problems.append(f"the store: {row['integrity_check']}")
        for table in ("drafts", "materials", "answers"):
            if self._query(f"select 1 from {table} limit 1"):
                self.problems.append(f"something of a citizen is left in {table}")
        if self._query("select 1 from outbox where length(sealed) > 0 limit 1"):
            self.problems.append("something of a citizen is left in the outbox")
        if (self._data / "set-aside").exists():
            self.problems.append("a database was taken for damaged")
