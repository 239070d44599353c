"""`decide`: what a person at the office decides on a case; the numbered document of it is made and kept."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from contract.codes import Outcome
from fleet.commands.report import Report
from fleet.data_folder import DataFolder
from fleet.deciding import decide_by_hand
from fleet.platform import Platform

HELP = "decide on a case: accepted, corrected, to_supplement, accepted_owing or not_accepted"


def arguments(parser: ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("case", metavar="CASE", help="the case's number (办件编号) or id")
    parser.add_argument("--outcome", required=True, choices=[outcome.value for outcome in Outcome])
    parser.add_argument("--reason", default="", help="why it is not accepted, or what was corrected on the spot")
    parser.add_argument("--where", default="", help="where to go instead, if it is not accepted")
    parser.add_argument(
        "--owe",
        action="append",
        default=[],
        metavar="MATERIAL=REASON",
        help="a material that is to be brought or put right; give all of them at once",
    )
    parser.add_argument("--by", required=True, metavar="NAME", help="who decides")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the notice's JSON there as well")


def run(options: Namespace) -> Report:
    """Raises DecisionRefused for a case that is not there, is over, or lacks what its notice must say."""
    platform = Platform(DataFolder(options.data))
    try:
        owed = dict(_pair(text) for text in options.owe)
        outcome = Outcome(options.outcome)
        answer = decide_by_hand(platform, options.case, outcome, options.by, options.reason, options.where, owed)
    finally:
        platform.close()
    assert answer.notice is not None
    if options.out:
        options.out.write_text(answer.notice.model_dump_json(), encoding="utf-8")
    content = {"case_number": answer.case_number, "state": answer.state.value, "notice": answer.notice.number}
    return Report(content, [f"{answer.case_number}: {answer.notice.title} {answer.notice.number}"])


def _pair(text: str) -> tuple[str, str]:
    name, _, reason = text.partition("=")
    return name.strip(), reason.strip()
