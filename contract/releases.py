"""Releases (同源发布): what operators publish and terminals verify through TUF.

Targets of one release:

    release.json                      Release
    search.json                       SearchIndex
    <dept_code>/items.json            DepartmentItems, signed by the department's delegated role
    <dept_code>/<form>.xml            XForm made from the operator's XLSForm
    <dept_code>/<form>/<file>         a list or picture the form names as jr://…/<file>
    <dept_code>/<template>.typ        typst template of a certificate
    <dept_code>/letter.typ            that of letters of commitment
    <dept_code>/notice.typ            that of notices, the documents of outcomes
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from contract.codes import ServerType
from contract.items import Theme
from contract.model import Message, Words


class CertificateKey(Message):
    """An Ed25519 public key (32 bytes, hex) that signs codes; `id` is the COSE kid."""

    id: str
    public: str


class SealAuthority(Message):
    """Who may vouch for departments that seal documents: `certificate` is X.509 in base64 of DER.

    `kind` "pdf": its sealing certificates sign PDFs; "ofd": its SM2 certificates seal OFDs (GB/T 38540).
    """

    name: str
    kind: Literal["pdf", "ofd"]
    certificate: str = Field(max_length=16384)


class Release(Message):
    """One signed release: its number, when it was published and every other target it consists of."""

    version: int
    published_at: datetime
    city: Words
    themes: list[Theme]
    departments: list[str]
    targets: list[str]
    certificate_keys: list[CertificateKey]
    #: sign offline codes of citizens (离线码)
    identity_keys: list[CertificateKey] = []
    #: whose seals a terminal believes on finished documents; nobody else's
    seal_authorities: list[SealAuthority] = []


class SearchEntry(Message):
    """Words by which one item is found; pinyin is made on the server, so terminals need no dictionary.

    `terms` is what neighbours call it, `synonyms` other words for words of its title, `topics` its department, theme,
    life events and whom it is for. Pinyin is syllables without tones joined by spaces (ü is v), one text a text.
    """

    task_code: str
    title: str
    title_en: str = ""
    pinyin: str
    terms: list[str] = []
    terms_pinyin: list[str] = []
    synonyms: list[str] = []
    synonyms_pinyin: list[str] = []
    topics: list[str] = []
    topics_pinyin: list[str] = []
    #: to choose by
    theme: str = ""
    dept_code: str = ""
    server_types: list[ServerType] = []


class SearchIndex(Message):
    """The target `search.json`."""

    #: in the order in which a terminal lists those that fit a query equally well
    entries: list[SearchEntry]
    #: syllable -> characters in common use that are read so, by which homophones are known (社宝卡 for 社保卡)
    sounds: dict[str, str] = {}
