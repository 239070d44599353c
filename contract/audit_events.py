"""What a terminal's audit log can tell: a closed list, and of each event the fields it has.

A field is an id made by chance (UUID version 4), a count, seconds, or a word of a short list: no text, so that nothing
of a person can stand in the log. Ids of events are never changed and never used again for something else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a field holds, where it is no word of a list."""

    ID = "id"
    COUNT = "count"
    SECONDS = "seconds"


ID, COUNT, SECONDS = Kind.ID, Kind.COUNT, Kind.SECONDS
#: a kind, or the words a field may say
Field = Kind | tuple[str, ...]
Fields = Mapping[str, Field]

ENDS = ("finish", "leave", "idle", "longest", "card", "interrupted")
PAPERS = ("receipt", "certificate", "notice", "slip")
SETTLED_BY = ("program", "citizen", "staff")
HOLDERS = ("tpm", "systemd-creds", "development")
DEVICES = (
    *("id_card", "smart_card", "code_scanner", "document_camera", "face_camera", "document_scanner"),
    *("receipt_printer", "page_printer", "keypad", "sound", "lamps", "usb_stick"),
)
#: XFS4IoT's words
STATES = (
    *("online", "offline", "powerOff", "noDevice", "hardwareError", "userError", "deviceBusy", "fraudAttempt"),
    *("potentialFraud", "starting"),
)


class Event(StrEnum):
    """The ids of events."""

    TERMINAL_STARTED = "terminal.started"
    TERMINAL_STOPPED = "terminal.stopped"
    VISIT_BEGAN = "visit.began"
    VISIT_ENDED = "visit.ended"
    VISIT_SHREDDED = "visit.shredded"
    CASE_KEPT = "case.kept"
    CASE_DELIVERED = "case.delivered"
    RATING_KEPT = "rating.kept"
    RATING_DELIVERED = "rating.delivered"
    ENTRY_PARKED = "entry.parked"
    ENTRY_RETRIED = "entry.retried"
    PAPER_PLANNED = "paper.planned"
    PAPER_SENT = "paper.sent"
    PAPER_CONFIRMED = "paper.confirmed"
    PAPER_UNCERTAIN = "paper.uncertain"
    PAPER_FAILED = "paper.failed"
    RELEASE_INSTALLED = "release.installed"
    RELEASE_REFUSED = "release.refused"
    RELEASE_FELL_BACK = "release.fell_back"
    STORE_RESCUED = "store.rescued"
    KEY_MADE = "key.made"
    KEY_DESTROYED = "key.destroyed"
    CLOCK_CORRECTED = "clock.corrected"
    DEVICE_CHANGED = "device.changed"
    TECHNICIAN_SETTLED = "technician.settled"
    TECHNICIAN_REFILLED = "technician.refilled"
    TECHNICIAN_MOVED_KEY = "technician.moved_key"


@dataclass(frozen=True)
class About:
    """What an event says, and its fields."""

    sentence: str
    fields: Fields = field(default_factory=dict)


_PAPER: Fields = {"paper": ID, "by": SETTLED_BY}

EVENTS: Mapping[Event, About] = {
    Event.TERMINAL_STARTED: About(
        "The terminal's program began; so many visits and papers an interruption had left open.",
        {"visits": COUNT, "papers": COUNT},
    ),
    Event.TERMINAL_STOPPED: About("The terminal's program was ended in order."),
    Event.VISIT_BEGAN: About("Somebody was known and a visit began.", {"visit": ID}),
    Event.VISIT_ENDED: About("The visit ended, for this reason.", {"visit": ID, "reason": ENDS}),
    Event.VISIT_SHREDDED: About("The visit's key was shredded: nothing of it can be read.", {"visit": ID}),
    Event.CASE_KEPT: About("A case was kept for delivery and confirmed to the citizen.", {"visit": ID, "case": ID}),
    Event.CASE_DELIVERED: About("The platform has the case and all its materials.", {"case": ID}),
    Event.RATING_KEPT: About("A rating was kept for delivery.", {"visit": ID, "rating": ID}),
    Event.RATING_DELIVERED: About("The platform has the rating.", {"rating": ID}),
    Event.ENTRY_PARKED: About(
        "The platform will never take it, or it cannot be opened; it is kept for the operator.",
        {"entry": ID, "kind": ("case", "rating")},
    ),
    Event.ENTRY_RETRIED: About("Somebody had a parked entry tried again.", {"entry": ID}),
    Event.PAPER_PLANNED: About(
        "A paper is about to be printed, for the time that `attempt` says.",
        {"paper": ID, "kind": PAPERS, "attempt": COUNT},
    ),
    Event.PAPER_SENT: About("The paper was sent to the printer.", _PAPER),
    Event.PAPER_CONFIRMED: About("The paper came out.", _PAPER),
    Event.PAPER_UNCERTAIN: About("Nobody can say whether the paper came out.", _PAPER),
    Event.PAPER_FAILED: About("The paper surely did not come out.", _PAPER),
    Event.RELEASE_INSTALLED: About("This release was verified, and is in use.", {"version": COUNT}),
    Event.RELEASE_REFUSED: About("A release on offer was not to be trusted; this one stays.", {"version": COUNT}),
    Event.RELEASE_FELL_BACK: About("The release in use was broken; this one is again.", {"version": COUNT}),
    Event.STORE_RESCUED: About(
        "The database was damaged and set aside; a new one, and this chain, begin with what was readable.",
        {"undelivered": COUNT},
    ),
    Event.KEY_MADE: About(
        "A key-encryption key of this generation is in use.", {"generation": COUNT, "holder": HOLDERS}
    ),
    Event.KEY_DESTROYED: About("The key-encryption key of this generation is destroyed.", {"generation": COUNT}),
    Event.CLOCK_CORRECTED: About("The platform's clock is so much ahead of this one.", {"seconds": SECONDS}),
    Event.DEVICE_CHANGED: About("A device is in another state than before.", {"device": DEVICES, "state": STATES}),
    Event.TECHNICIAN_SETTLED: About(
        "Staff looked and said whether a paper came out.", {"paper": ID, "result": ("came", "missing")}
    ),
    Event.TECHNICIAN_REFILLED: About("Staff said how many sheets are in the tray.", {"sheets": COUNT}),
    Event.TECHNICIAN_MOVED_KEY: About("Staff exchanged the key-encryption key.", {"holder": HOLDERS}),
}
