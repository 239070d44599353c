"""The installed release as the kiosk reads it. Loaded once, never changes; the next visit may load a newer one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from contract.items import DepartmentItems, ServiceItem
from contract.releases import Release
from offline_cache.errors import NoRelease
from offline_cache.search import Search


class InstalledRelease:
    """Items, forms with the files they name, and templates of one release."""

    def __init__(self, folder: Path) -> None:
        """Read the release in `folder`. Raises NoRelease."""
        self._folder = folder
        try:
            self.about = Release.model_validate_json((folder / "release.json").read_bytes())
            departments = [
                DepartmentItems.model_validate_json((folder / code / "items.json").read_bytes())
                for code in self.about.departments
            ]
        except (OSError, ValidationError) as error:
            raise NoRelease(type(error).__name__) from None
        self.items: dict[str, ServiceItem] = {
            item.task_code: item for department in departments for item in department.items
        }
        self.search = Search(folder / "search.db")

    @staticmethod
    def current_name(data: Path) -> str:
        """The name of the release in use, cheap to ask; "" for none."""
        link = data / "releases" / "current"
        return os.readlink(link) if link.is_symlink() else ""

    @classmethod
    def current(cls, data: Path) -> InstalledRelease:
        """The release in use. Raises NoRelease."""
        name = cls.current_name(data)
        if not name:
            raise NoRelease("no release is installed")
        return cls(data / "releases" / name)

    def form(self, item: ServiceItem) -> bytes:
        """The item's XForm. Raises NoRelease when the file is missing."""
        return self._read(item, f"{item.form}.xml")

    def form_resources(self, item: ServiceItem) -> Callable[[str], bytes]:
        """What reads the files the item's form names, by address (jr://file-csv/cities.csv, jr://images/seal.png).

        It raises KeyError for what the release does not hold.
        """
        folder = self._folder / item.dept_code / str(item.form)

        def read(address: str) -> bytes:
            scheme, _, name = address.rpartition("/")
            if not scheme.startswith("jr://") or not name or name.startswith("."):
                raise KeyError(address)
            try:
                return (folder / name).read_bytes()
            except (OSError, ValueError):
                raise KeyError(address) from None

        return read

    def template(self, item: ServiceItem, name: str) -> str:
        """A typst template of the item's department. Raises NoRelease."""
        return self._read(item, f"{name}.typ").decode()

    def _read(self, item: ServiceItem, name: str) -> bytes:
        try:
            return (self._folder / item.dept_code / name).read_bytes()
        except OSError:
            raise NoRelease(f"{name} is missing from the release") from None
