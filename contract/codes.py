"""Code lists of Chinese government service, with the table each comes from.

Two sources disagree in places (see `docs/codes.md`); the numbers here are those the live platforms use,
and connectors map them where a city differs.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum


class TaskType(StrEnum):
    """事项类型, GB/T 39046-2020 A.1."""

    LICENCE = "01"
    PAYMENT = "05"
    CONFIRMATION = "07"
    OTHER_POWER = "10"
    PUBLIC_SERVICE = "20"


class ServerType(StrEnum):
    """服务对象, as live platforms number it."""

    PERSON = "1"
    COMPANY = "2"


class ProjectType(StrEnum):
    """办件类型, GB/T 39046-2020 A.6: done at once, or within a promised time."""

    INSTANT = "1"
    PROMISED = "2"


class MaterialNeed(StrEnum):
    """材料必要性: required, optional, or may follow later (容缺后补)."""

    REQUIRED = "1"
    OPTIONAL = "2"
    LATER = "3"


class MaterialSource(StrEnum):
    """来源渠道: the applicant's own, or issued by an authority."""

    APPLICANT = "10"
    AUTHORITY = "20"
    OTHER = "99"


class MaterialForm(StrEnum):
    """材料类型: original, copy, either."""

    ORIGINAL = "1"
    COPY = "2"
    EITHER = "3"


class ColourMode(StrEnum):
    """How a scanned page is kept."""

    COLOUR = "colour"
    GREY = "grey"
    BLACK_AND_WHITE = "bw"


class PaperRead(StrEnum):
    """Papers whose fields a terminal can read from a scan; `contract.papers.FIELDS` names them."""

    ID_CARD = "id_card"
    BUSINESS_LICENCE = "business_licence"
    HOUSEHOLD_PAGE = "household_page"
    CERTIFICATE = "certificate"
    #: a form of the office's own, whose labels the item names
    FORM = "form"


class PaperDoubt(StrEnum):
    """What was told to the citizen about a scanned paper, who gave it all the same; an officer looks twice."""

    ANOTHER_PAPER = "another_paper"
    OTHER_SIDE = "other_side"
    NO_TEXT = "no_text"
    NAME_DIFFERS = "name_differs"
    NUMBER_DIFFERS = "number_differs"
    COMPANY_DIFFERS = "company_differs"


class MaterialOrigin(StrEnum):
    """Where a material, or a page of it, came from."""

    SCAN = "scan"
    PHONE = "phone"
    STICK = "stick"
    #: 电子证照: fetched from the platform, sealed by its authority
    LICENCE = "licence"
    #: 可复用材料: given in an earlier case
    EARLIER = "earlier"


#: what the citizen did not give anew but confirmed
FROM_PLATFORM = frozenset({MaterialOrigin.LICENCE, MaterialOrigin.EARLIER})


class CaseState(StrEnum):
    """办件状态 of the exchange tables."""

    RECEIVED = "02"
    ACCEPTED = "05"
    TO_SUPPLEMENT = "06"
    NOT_ACCEPTED = "07"
    CONCLUDED = "10"
    IN_PROGRESS = "12"


class LetterKind(StrEnum):
    """What an applicant signs: 告知承诺书 of the item, 容缺受理承诺书 for papers that follow."""

    COMMITMENT = "commitment"
    LATER = "later"


class Outcome(StrEnum):
    """What becomes of an application (行政许可法第三十二条; 容缺受理 by the offices' own rules)."""

    ACCEPTED = "accepted"
    #: 当场更正: accepted after a mistake was put right on the spot
    CORRECTED = "corrected"
    #: 补齐补正
    TO_SUPPLEMENT = "to_supplement"
    #: 容缺受理: accepted, with papers owed until a date
    ACCEPTED_OWING = "accepted_owing"
    NOT_ACCEPTED = "not_accepted"


class IdentityKind(StrEnum):
    """证件类型 (Zhejiang's list; 31 is the resident ID card)."""

    RESIDENT_CARD = "31"
    HONG_KONG_MACAO_TAIWAN = "37"
    PERMANENT_RESIDENCE = "38"


class LoginWay(StrEnum):
    """How the citizen showed who they are."""

    ID_CARD = "id_card"
    SOCIAL_SECURITY_CARD = "social_security_card"
    #: 居民码, 电子社保卡, 鲁通码: checked by the platform
    CITIZEN_CODE = "citizen_code"
    #: a signed code, checked by the terminal while there is no network
    OFFLINE_CODE = "offline_code"
    #: the terminal's code, scanned by the citizen's phone
    PHONE = "phone"
    SMS = "sms"


class Assurance(IntEnum):
    """实名级别 (初级, 中级, 高级实名): who it is, how surely; the words of (EU) 910/2014, article 8."""

    LOW = 1
    SUBSTANTIAL = 2
    HIGH = 3


class Acting(StrEnum):
    """For whom the person at the terminal acts: themselves, somebody else (代理), a company."""

    SELF = "self"
    AGENT = "agent"
    COMPANY = "company"


class Satisfaction(StrEnum):
    """好差评 level as pushed to the national platform: 5 very satisfied … 1 very dissatisfied.

    GB/T 39046 A.8 numbers the same words the other way round.
    """

    VERY_GOOD = "5"
    GOOD = "4"
    FAIR = "3"
    POOR = "2"
    VERY_POOR = "1"


#: 申报来源 of the 人社 tables: 5 is the self-service terminal.
SOURCE_SELF_SERVICE = "5"
#: pf, 评价渠道: 5 is "another terminal in the hall".
RATING_CHANNEL_TERMINAL = "5"
