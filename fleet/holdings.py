"""What the platform has of a material: the city's electronic licences, and what was given in earlier cases."""

from __future__ import annotations

import base64
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import InvalidTag

from contract.codes import MaterialOrigin
from contract.holders import same_number
from contract.holdings import FOR_HOLDINGS, LARGEST_HOLDING, LIFETIME, Holding, Holdings, HoldingsAsked
from contract.items import Material
from contract.model import Message
from fleet.certificates import masked
from fleet.connectors.interface import Licence
from fleet.earlier_materials import Earlier
from fleet.eligibility import NEVER_SURE
from fleet.errors import HoldingRefused, ServiceUnavailable
from fleet.office_time import OFFICE_TIME
from fleet.platform import Platform

_log = logging.getLogger(__name__)


class _Handle(Message):
    """What a terminal may fetch, sealed: it can neither read nor change it, and no other terminal can use it."""

    terminal_id: str
    until: float
    sha256: str
    #: of a licence: whose it is, and the city's own name of the file
    number: str = ""
    licence_id: str = ""


@dataclass(frozen=True)
class _Asker:
    """Whose holdings are asked for, by which terminal, when; `shown` is the number as the answer may state it."""

    platform: Platform
    terminal_id: str
    number: str
    shown: str
    now: datetime

    def handle(self, sha256: str, licence_id: str = "") -> str:
        """What opens this file to this terminal."""
        until = (self.now + timedelta(seconds=LIFETIME)).timestamp()
        number = self.number if licence_id else ""
        made = _Handle(terminal_id=self.terminal_id, until=until, sha256=sha256, number=number, licence_id=licence_id)
        return base64.urlsafe_b64encode(self.platform.seal.close(made.model_dump_json())).decode().rstrip("=")


def held(platform: Platform, terminal_id: str, asked: HoldingsAsked) -> Holdings:
    """The best of each material that was asked for. Raises HoldingRefused for who may not be told."""
    if asked.assurance < FOR_HOLDINGS or asked.login in NEVER_SURE:
        raise HoldingRefused("it is not sure enough who asks")
    materials, person = _materials(platform, asked), asked.number.strip().upper()
    now = datetime.now(UTC)
    asker = _Asker(platform, terminal_id, asked.uscc or person, asked.uscc or masked(person), now)
    licences, complete = list[Licence](), True
    try:
        if asked.uscc and asked.uscc not in {each.uscc for each in platform.connectors.companies(person)}:
            raise HoldingRefused("the register does not say that this person may act for the company")
        licences = _licences(asker, {each.licence for each in materials if each.licence})
    except ServiceUnavailable:
        complete = False
        if asked.uscc:  # nothing of a company goes out before it is sure who asks
            return Holdings(complete=False)
    today, earlier = now.astimezone(OFFICE_TIME).date(), platform.earlier_materials.newest(asker.number, materials, now)
    found = list[Holding]()
    for material in materials:
        own = [each for each in licences if each.kind == material.licence]
        valid = [each for each in own if each.valid_until is None or each.valid_until >= today]
        if not valid and material.id in earlier:
            found.append(_given(asker, material, earlier[material.id]))
        elif own:
            found.append(_licence(asker, material, (valid or own)[-1]))
    return Holdings(held=found, complete=complete)


def content(platform: Platform, terminal_id: str, handle: str) -> bytes | None:
    """The bytes `handle` stands for; None for one that is not this terminal's, is too old, or whose file is gone.

    Raises ServiceUnavailable where the city does not hand out what it said it has.
    """
    try:
        opened = _Handle.model_validate_json(platform.seal.open(base64.urlsafe_b64decode(handle + "==")))
    except (InvalidTag, ValueError):  # also what base64 and pydantic raise
        return None
    if opened.terminal_id != terminal_id or datetime.now(UTC).timestamp() > opened.until:
        return None
    if opened.licence_id:
        return platform.connectors.licence_file(opened.number, opened.licence_id, opened.sha256)
    return platform.earlier_materials.content(opened.sha256)


def _materials(platform: Platform, asked: HoldingsAsked) -> list[Material]:
    """Those of the item, as the release says, that may be held. Raises HoldingRefused for an item that is not there."""
    catalogue = platform.release(asked.release_version)
    item = catalogue.item(asked.task_code) if catalogue else None
    if item is None:
        raise HoldingRefused(f"release {asked.release_version} has no such item")
    return [each for each in item.materials if each.id in asked.material_ids and each.may_be_held]


def _licences(asker: _Asker, kinds: set[str]) -> list[Licence]:
    """Of these kinds, the newest last. What the city answers that is another's, or too large, goes nowhere."""
    if not kinds:
        return []
    answered = asker.platform.connectors.licences(asker.number, kinds)
    right = [
        each
        for each in answered
        if each.kind in kinds and same_number(each.holder_number, asker.number) and 0 < each.size <= LARGEST_HOLDING
    ]
    if len(right) < len(answered):
        _log.warning("[licences] answered with licences nobody asked for, or too large ones; they are left out")
    return sorted(right, key=lambda each: each.issued_on)


def _licence(asker: _Asker, material: Material, licence: Licence) -> Holding:
    return Holding(
        material_id=material.id,
        origin=MaterialOrigin.LICENCE,
        handle=asker.handle(licence.sha256, licence.id),
        name=licence.name,
        number=licence.number,
        source=licence.authority,
        issued_on=licence.issued_on,
        valid_until=licence.valid_until,
        holder=licence.holder,
        holder_number=asker.shown,
        media_type=licence.media_type,
        sha256=licence.sha256,
        size=licence.size,
    )


def _given(asker: _Asker, material: Material, earlier: Earlier) -> Holding:
    sent, case = earlier.sent, earlier.case
    return Holding(
        material_id=material.id,
        origin=MaterialOrigin.EARLIER,
        handle=asker.handle(sent.sha256),
        name=sent.name,
        number=earlier.case_number,
        source=case.item_name,
        issued_on=earlier.given_on,
        holder=case.company.name if case.company else case.applicant.name,
        holder_number=asker.shown,
        media_type="application/pdf",
        sha256=sent.sha256,
        size=sent.size,
    )
