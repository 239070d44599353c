"""From the draft to a release: two people approve, departments sign, the number rises by one."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select

from contract.items import DepartmentItems
from contract.model import Message
from contract.releases import CertificateKey, Release, SealAuthority
from fleet.catalogue.catalogue import Catalogue
from fleet.catalogue.search_index import search_index
from fleet.database import Database
from fleet.errors import ReleaseRefused
from fleet.paperwork import PAPERWORK, paperwork
from fleet.releases.repository import ReleaseRepository
from fleet.releases.resources import ResourceFolder
from fleet.tables import Draft, PublishedRelease

log = logging.getLogger(__name__)

#: releases whose files are kept beside the newest draft's: the current one and the one before it
KEPT = 2


@dataclass(frozen=True)
class Published:
    """What was released."""

    version: int
    items: int
    targets: int


@dataclass(frozen=True)
class CodeKeys:
    """What a release tells terminals to check codes and seals with."""

    certificates: CertificateKey
    identities: CertificateKey
    seals: tuple[SealAuthority, ...] = ()


def publish_draft(
    database: Database, repository: ReleaseRepository, resources: ResourceFolder, keys: CodeKeys, approved_by: list[str]
) -> Published:
    """Release the newest draft.

    Raises ReleaseRefused without a draft, without two different people who approve it (联合审核), or where a file
    of a form is no longer what was imported.
    """
    approvers = {name.strip().casefold(): name.strip() for name in approved_by if name.strip()}
    if len(approvers) < 2:
        raise ReleaseRefused("two different people must approve a release: --approved-by NAME --approved-by OTHER-NAME")
    now = datetime.now(UTC)
    with database.writing() as session:
        draft = session.scalars(select(Draft).order_by(Draft.id.desc()).limit(1)).one_or_none()
        if draft is None:
            raise ReleaseRefused("there is nothing to release; import a workbook first: kiosk-fleet import")
        catalogue = Catalogue.model_validate(draft.catalogue)
        version = (session.scalar(select(func.max(PublishedRelease.version))) or 0) + 1
        files = _files(catalogue, resources, version, keys, now)
        people = list(approvers.values())
        session.add(PublishedRelease(version=version, draft_id=draft.id, published_at=now, approved_by=people))
        session.flush()
        repository.publish(files, [department.code for department in catalogue.departments], now, version)
    _clean(database, resources)
    return Published(version, len(catalogue.items), len(files))


def newest_catalogue(database: Database, version: int | None = None) -> Catalogue | None:
    """The catalogue of the newest release, or of release `version`; None where there is none."""
    query = select(Draft).join(PublishedRelease).order_by(PublishedRelease.version.desc()).limit(1)
    if version is not None:
        query = query.where(PublishedRelease.version == version)
    with database.reading() as session:
        draft = session.scalars(query).one_or_none()
        return None if draft is None else Catalogue.model_validate(draft.catalogue)


def _clean(database: Database, resources: ResourceFolder) -> None:
    """Remove the files that neither the last releases nor the newest draft name.

    After the release stands: what fails or is cut here takes nothing of it back, and is done by the next.
    """
    published = select(PublishedRelease.draft_id).order_by(PublishedRelease.version.desc()).limit(KEPT)
    newest = select(func.max(Draft.id))
    with database.writing() as session:
        drafts = session.scalars(select(Draft).where(Draft.id.in_(published) | Draft.id.in_(newest)))
        catalogues = [Catalogue.model_validate(draft.catalogue) for draft in drafts]
        try:
            resources.keep_only({digest for catalogue in catalogues for digest in catalogue.resources.values()})
        except OSError as error:
            log.warning("files no release names are left in the data folder: %s", error.strerror)


def _files(
    catalogue: Catalogue, resources: ResourceFolder, version: int, keys: CodeKeys, now: datetime
) -> dict[str, bytes]:
    files = {path: text.encode() for path, text in catalogue.files.items()}
    files |= {path: resources.read(digest) for path, digest in catalogue.resources.items()}
    for department in catalogue.departments:
        own = [item for item in catalogue.items if item.dept_code == department.code]
        items = DepartmentItems(dept_code=department.code, dept_name=department.name, items=own)
        files[f"{department.code}/items.json"] = _json(items)
        for name in PAPERWORK:
            files.setdefault(f"{department.code}/{name}", paperwork(name))
    files["search.json"] = _json(search_index(catalogue.items, catalogue.themes))
    release = Release(
        version=version,
        published_at=now,
        city=catalogue.city,
        themes=catalogue.themes,
        departments=[department.code for department in catalogue.departments],
        targets=sorted(files),
        certificate_keys=[keys.certificates],
        identity_keys=[keys.identities],
        seal_authorities=list(keys.seals),
    )
    return {**files, "release.json": _json(release)}


def _json(message: Message) -> bytes:
    return message.model_dump_json().encode()
