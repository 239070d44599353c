"""Documents handed to a worker process of their own: what strangers made meets native code there, and dies there."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

from kiosk import worker_messages, worker_process
from kiosk.documents.seals.results import Checked, Seal, SealRefused
from kiosk.documents.seals.trust import TrustList

#: Bytes of the longest document that is looked at.
LARGEST = 8 * 1024 * 1024
#: Seconds a worker has: the longest honest document took under three.
LIMIT = 45.0


def check(content: bytes, trust: TrustList, now: datetime) -> Checked | SealRefused:
    """Verify every seal of a PDF or OFD against `trust` and draw what is to be printed; about a second.

    A worker that dies or does not end refuses the document ("worker-died").
    """
    if len(content) > LARGEST:
        return SealRefused("too-large")
    lists = {"pdf": trust.pdf, "ofd": trust.ofd}
    roots = {kind: [base64.b64encode(root).decode() for root in listed] for kind, listed in lists.items()}
    answer = _ask({"kind": "check", "trust": roots, "now": now.timestamp()}, content)
    if answer is None:
        return SealRefused("worker-died")
    said, body = answer
    if said["kind"] == "refused":
        return SealRefused(said["reason"], said["detail"])
    seals = [Seal(**seal | {"signed_at": datetime.fromtimestamp(seal["signed_at"], UTC)}) for seal in said["seals"]]
    pictured, written = said["preview"], said["preview"] + said["text"]
    return Checked(
        kind=said["document"],
        seals=tuple(seals),
        pages=said["pages"],
        text=body[pictured:written].decode(errors="ignore"),
        printable=content if said["document"] == "pdf" else body[written:],
        preview=body[:pictured],
        unprintable=said["unprintable"],
        milliseconds=said["milliseconds"],
    )


def preview(pdf: bytes) -> bytes:
    """A JPEG of the first page of a PDF of ours; b"" where it cannot be drawn."""
    answer = _ask({"kind": "preview"}, pdf)
    return answer[1] if answer is not None and answer[0]["kind"] == "checked" else b""


def _ask(header: dict[str, Any], content: bytes) -> worker_messages.Message | None:
    return worker_process.answer("kiosk.documents.seals.worker", header, content, LIMIT)
