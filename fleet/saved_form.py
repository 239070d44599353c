"""The form of a saved application, restored in the edition that is offered now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from contract.saving import SavedApplication
from fleet import phone_form
from fleet.platform import Platform
from fleet.releases.publishing import newest_catalogue
from kiosk.forms import FormSession


@dataclass(frozen=True)
class SavedForm:
    """The form with its answers; `sha256` is of the edition, `files` the hashes of the files it names."""

    session: FormSession
    sha256: str
    files: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, platform: Platform, saved: SavedApplication) -> SavedForm | None:
        """None where the item is offered no more. Raises FormError, ReleaseRefused where the form cannot be used."""
        catalogue = newest_catalogue(platform.database)
        item = catalogue.item(saved.task_code) if catalogue else None
        if catalogue is None or item is None or not item.at_terminal:
            return None
        place = f"{item.dept_code}/{item.form}"
        xml = catalogue.files.get(f"{place}.xml", "")
        if not xml:
            return None
        files = tuple(
            (path.removeprefix(f"{place}/"), digest)
            for path, digest in catalogue.resources.items()
            if path.startswith(f"{place}/")
        )
        form, sha256 = phone_form.form_of(xml, files, platform.resources), phone_form.form_hash(xml)
        other = sha256 != saved.form_sha256
        return cls(form.restore(saved.form.encode(), saved.language, other_version=other), sha256, dict(files))

    def kept_in(self, saved: SavedApplication) -> SavedApplication:
        """`saved` with the form as it stands now."""
        form = self.session.serialise().decode()
        return saved.model_copy(update={"form": form, "form_sha256": self.sha256, "saved_at": datetime.now(UTC)})
