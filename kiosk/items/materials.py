"""Which materials (材料) are asked for, given the situation and for whom the citizen acts."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from contract.codes import Acting, MaterialNeed, MaterialSource
from contract.items import Material, MaterialWay, ServiceItem
from contract.model import Words
from kiosk.words import LANGUAGES, say

#: the fact beside the situations that says for whom: a value of contract.codes.Acting
ACTING = "acting"
_BY_AGENT = f"{ACTING}={Acting.AGENT.value}"


def materials_for(item: ServiceItem, facts: Mapping[str, str]) -> list[Material]:
    """The materials that apply; before the facts are known, those asked for in any case.

    `facts` are situation id -> answer, and ACTING. An agent always gives a letter of authorisation (授权委托书): the
    item's own, or one of no special form.
    """
    asked = [
        material
        for material in item.materials
        if not material.when or any(facts.get(_id(rule)) == _value(rule) for rule in material.when)
    ]
    own = any(_BY_AGENT in material.when for material in item.materials)
    return asked if own or facts.get(ACTING) != Acting.AGENT else [*asked, authorisation_letter()]


def to_scan(item: ServiceItem, facts: Mapping[str, str]) -> list[Material]:
    """The materials to lay under the camera, where the platform does not have them."""
    return [material for material in materials_for(item, facts) if material.given]


def owed_later(item: ServiceItem, facts: Mapping[str, str], later: Collection[str]) -> list[Material]:
    """容缺后补: of the materials the citizen does not have today, those that may follow."""
    return [each for each in to_scan(item, facts) if each.need is MaterialNeed.LATER and each.id in later]


def authorisation_letter() -> Material:
    """授权委托书, for items that name none of their own."""
    return Material(
        id="authorisation_letter",
        name=Words(**{language: say("material.authorisation_letter", language) for language in LANGUAGES}),
        way=MaterialWay.SCAN,
        source=MaterialSource.APPLICANT,
        when=[_BY_AGENT],
    )


def _id(rule: str) -> str:
    return rule.partition("=")[0]


def _value(rule: str) -> str:
    return rule.partition("=")[2]
