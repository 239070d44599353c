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

Two more kinds say nothing new; they save bytes and requests (`changed` says what they hold). Each is signed as every
target is, and so is each file that comes out of it:

    bundle.zst                        the whole release
    patches/<version>.zst             what is not in release <version>, made from its files
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

from pydantic import Field

from contract.codes import ServerType
from contract.items import Theme
from contract.model import Message, Words

#: the target that says what a release consists of
RELEASE = "release.json"
#: the target that holds all others
BUNDLE = "bundle.zst"
#: bytes, unpacked, of the largest pack with what it is made from; larger releases go over the wire file by file
LARGEST_PACK = 256 * 1024 * 1024


def patch_name(version: int) -> str:
    """The target that makes the release that lists it from release `version`."""
    return f"patches/{version}.zst"


def laid_out(names: Iterable[str]) -> list[str]:
    """The files of a release in the order in which packs hold them: release.json, then by name (code points)."""
    return sorted(names, key=lambda name: (name != RELEASE, name))


def changed(new: Mapping[str, str], old: Mapping[str, str]) -> list[str]:
    """The files a patch holds, one after the other in one zstd frame, where `new` and `old` are SHA-256 by name.

    release.json and what no file of the old release is; of a bundle `old` is empty. The frame's dictionary is a raw
    prefix: all files of the old release, laid out.
    """
    known = set(old.values())
    return [name for name in laid_out(new) if name == RELEASE or new[name] not in known]


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
