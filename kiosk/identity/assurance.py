"""实名级别: how sure each way in makes us, in one table."""

from __future__ import annotations

from contract.codes import Assurance, LoginWay

#: What a way reaches by itself. A citizen's code and the phone reach what the platform states in its answer.
BY_ITSELF: dict[LoginWay, Assurance] = {
    # read through the security module of the reader, which proves the chip
    LoginWay.ID_CARD: Assurance.SUBSTANTIAL,
    # EF05 and EF06 are free to read (人社信息函〔2012〕37号) and prove nothing about the chip
    LoginWay.SOCIAL_SECURITY_CARD: Assurance.LOW,
    # not asked for again at the platform: the phone may have been reported lost since
    LoginWay.OFFLINE_CODE: Assurance.LOW,
    # whoever holds the phone and knows the number
    LoginWay.SMS: Assurance.LOW,
}
#: The most a way can reach: an ID card together with the face on it.
AT_MOST: dict[LoginWay, Assurance] = BY_ITSELF | {
    LoginWay.ID_CARD: Assurance.HIGH,
    LoginWay.CITIZEN_CODE: Assurance.HIGH,
    LoginWay.PHONE: Assurance.HIGH,
}

#: Before the companies a person may act for are shown: a card that proves nothing must not tell them to its finder.
FOR_COMPANIES = Assurance.SUBSTANTIAL


def can_reach(way: LoginWay, needed: Assurance, face_camera: bool) -> bool:
    """Whether `way` can make as sure as is needed, on a terminal with or without a camera for the face."""
    most = AT_MOST[way]
    if way is LoginWay.ID_CARD and not face_camera:
        most = BY_ITSELF[way]
    return most >= needed
