"""What a citizen can do, as data: screens send these to the terminal and nothing else."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Intent:
    """The base of all intents."""


@dataclass(frozen=True)
class Start(Intent):
    """Touch the attract screen."""


@dataclass(frozen=True)
class Back(Intent):
    """The outline button, always lower left."""


@dataclass(frozen=True)
class Forward(Intent):
    """The filled button: next, start, take the picture, submit, finish."""


@dataclass(frozen=True)
class Leave(Intent):
    """End and go away; the terminal asks once."""


@dataclass(frozen=True)
class LeaveNow(Intent):
    """Yes, end."""


@dataclass(frozen=True)
class Stay(Intent):
    """No, go on; also: I am still here."""


@dataclass(frozen=True)
class SaveForLater(Intent):
    """Save what is there (存起来，以后再办)."""


@dataclass(frozen=True)
class ContinueSaved(Intent):
    """Go on with what was saved; its code is asked for."""


@dataclass(frozen=True)
class AskHelp(Intent):
    """The help button."""


@dataclass(frozen=True)
class SetLanguage(Intent):
    """zh or en."""

    language: str


@dataclass(frozen=True)
class SetCare(Intent):
    """Care mode (关爱版): larger text, fewer things."""

    on: bool


@dataclass(frozen=True)
class ChooseWay(Intent):
    """Another way than the ID card: the `id` of its tile, a contract.codes.LoginWay or no_papers. Of the document
    scanner: the `id` of a way to lay the paper in."""

    way: str


@dataclass(frozen=True)
class ActFor(Intent):
    """For somebody else, or for a company."""


@dataclass(frozen=True)
class CallHelper(Intent):
    """A helper (帮办员) is here and says so."""


@dataclass(frozen=True)
class OpenSearch(Intent):
    """The search box of the home screen."""


@dataclass(frozen=True)
class Search(Intent):
    """The text in the search box changed."""

    text: str


@dataclass(frozen=True)
class OpenTheme(Intent):
    """A tile of the home screen."""

    theme: str


@dataclass(frozen=True)
class OpenItem(Intent):
    """A row of a list of items."""

    code: str


@dataclass(frozen=True)
class ShowTab(Intent):
    """plain or formal, of the guide."""

    tab: str


@dataclass(frozen=True)
class Choose(Intent):
    """An answer to the situation question."""

    value: str


@dataclass(frozen=True)
class Answer(Intent):
    """An answer to the form; select_multiple values are joined by spaces, as in ODK."""

    path: str
    value: str


@dataclass(frozen=True)
class Confirm(Intent):
    """All that this page was filled in with from elsewhere is right."""


@dataclass(frozen=True)
class Reopen(Intent):
    """A prefilled answer is not right: open its field."""

    path: str


@dataclass(frozen=True)
class SearchChoices(Intent):
    """The text in the search field of a long list changed."""

    path: str
    text: str


@dataclass(frozen=True)
class ChooseDivision(Intent):
    """A division of an address; one that is chosen already is chosen anew, "" leaves the level that is asked out."""

    path: str
    code: str


@dataclass(frozen=True)
class Photograph(Intent):
    """Take the picture that is the answer, with the document camera."""

    path: str


@dataclass(frozen=True)
class ReadBarcode(Intent):
    """Read the code that is the answer, with the scanner."""

    path: str


@dataclass(frozen=True)
class AddEntry(Intent):
    """One more of what the page collects."""


@dataclass(frozen=True)
class ChangeEntry(Intent):
    """Change one entry, from its first page."""

    path: str


@dataclass(frozen=True)
class RemoveEntry(Intent):
    """Take an entry away: the page asks once; `sure` is the answer yes, a path of "" the answer no."""

    path: str
    sure: bool = False


@dataclass(frozen=True)
class Change(Intent):
    """Change one line of "check your answers": the `change` of its row."""

    target: str


@dataclass(frozen=True)
class Retake(Intent):
    """Take the page again, in the place of the one looked at."""


@dataclass(frozen=True)
class AddPage(Intent):
    """One more page of this material, or its back, under the camera."""


@dataclass(frozen=True)
class ShowPage(Intent):
    """Look at a page of the strip: its place, from 0."""

    place: int


@dataclass(frozen=True)
class MovePage(Intent):
    """The page looked at goes this many places to the right, or to the left (negative)."""

    by: int


@dataclass(frozen=True)
class TurnPage(Intent):
    """The page looked at is turned by a quarter, clockwise."""


@dataclass(frozen=True)
class DeletePage(Intent):
    """Delete the page looked at: asked once; `sure` is the answer yes."""

    sure: bool = False


@dataclass(frozen=True)
class KeepPage(Intent):
    """It is not to be deleted after all."""


@dataclass(frozen=True)
class FromPhone(Intent):
    """The pages come from the citizen's phone."""


@dataclass(frozen=True)
class FromStick(Intent):
    """The pages come from the citizen's USB stick."""


@dataclass(frozen=True)
class FromScanner(Intent):
    """The pages come from the document scanner."""


@dataclass(frozen=True)
class FromPlatform(Intent):
    """What the platform has of the material is to be looked at again."""


@dataclass(frozen=True)
class ScanInstead(Intent):
    """What the platform has is not used: the material is scanned."""


@dataclass(frozen=True)
class ChooseFile(Intent):
    """A file of the stick, chosen or no longer: its place in the list, from 0."""

    place: int


@dataclass(frozen=True)
class Sign(Intent):
    """The strokes now on the pad, in order: (x, y) in 0…1 of it (y down), and milliseconds since the first touch.

    `shape` is the pad's width by its height.
    """

    strokes: tuple[tuple[tuple[float, float, int], ...], ...]
    shape: float = 3.0


@dataclass(frozen=True)
class ReadToEnd(Intent):
    """The end of the letter has been on the screen."""


@dataclass(frozen=True)
class ReadAloud(Intent):
    """Read this page aloud, from its beginning."""


@dataclass(frozen=True)
class StopReading(Intent):
    """Read no more of it aloud."""


@dataclass(frozen=True)
class WithoutPaper(Intent):
    """The citizen does not have this paper today."""


@dataclass(frozen=True)
class Rate(Intent):
    """A level, 5 to 1."""

    level: str


@dataclass(frozen=True)
class ToggleReason(Intent):
    """A reason of the chosen level, on or off."""

    code: str


@dataclass(frozen=True)
class SendRating(Intent):
    """Hand the rating in."""


@dataclass(frozen=True)
class PrintAgain(Intent):
    """Try a paper that did not come out once more."""

    paper: str


@dataclass(frozen=True)
class PaperSeen(Intent):
    """The citizen's answer where the printer could not say: did the paper come out?"""

    paper: str
    came: bool
