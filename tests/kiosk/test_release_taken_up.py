"""A release is taken up between visits; one that does not load is told to the sync agent, and the old one serves."""

from __future__ import annotations

import shutil
from pathlib import Path

from kiosk.journey.events import Tick
from tests.kiosk.headless import Headless


def use(releases: Path, name: str) -> None:
    """As the agent does."""
    (releases / "next").symlink_to(name)
    (releases / "next").rename(releases / "current")


def test_a_release_that_does_not_load_is_told_once(tmp_path: Path) -> None:
    headless = Headless(tmp_path)
    releases, facts = tmp_path / "releases", headless.cache.facts
    assert headless.journey.installed.about.version == 1
    shutil.copytree(releases / "1", releases / "2")
    (releases / "2" / "release.json").write_bytes(b"{")
    use(releases, "2")
    headless.does(Tick(), Tick())
    assert facts.ask("release_unreadable") == "2"
    assert headless.journey.installed.about.version == 1
    facts.tell("release_unreadable", "")
    headless.does(Tick(), Tick())
    assert facts.ask("release_unreadable") == ""
    use(releases, "1")
    headless.does(Tick())
    shutil.copytree(releases / "1", releases / "2.1")
    use(releases, "2.1")
    before = headless.journey.release
    headless.does(Tick())
    assert headless.journey.release is not before
    headless.close()
