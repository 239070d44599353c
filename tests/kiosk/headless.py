"""A terminal without a display: a real journey, memory and release; jobs wait until they are told to be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

from contract.codes import Assurance
from contract.identity import Person
from contract.items import DepartmentItems, ServiceItem
from contract.model import Words
from contract.releases import CertificateKey, Release
from contract.terminals import SiteRules
from drivers.code_scanner import CodeScanner
from drivers.document_scanner import DocumentScanner
from drivers.id_card.codec import IdCard
from drivers.manager import Devices
from drivers.sound import Sound
from drivers.usb_stick import UsbStick
from drivers.video.check import VideoCheck
from kiosk.documents.text_reader import TextReader
from kiosk.journey.events import Then
from kiosk.journey.journey import Journey
from kiosk.journey.parts import Parts
from kiosk.journey.steps import STEPS
from kiosk.speech.voice import Voice
from offline_cache import Cache
from offline_cache.document_service import DocumentService
from offline_cache.holding_service import HoldingService
from offline_cache.identity_service import IdentityService
from offline_cache.phone_uploads import PhoneUploads
from offline_cache.platform import Platform
from offline_cache.saved_service import SavedService
from offline_cache.settings import Settings
from offline_cache.visit_rules import VisitRules
from tests.kiosk.conftest import ITEM
from tests.kiosk.documents.signing import KEY_ID, PUBLIC

WANG = Person(name="王示例", number="37029919920318002X", sex="女", birth=date(1992, 3, 18))
LI = Person(name="李样本", number="370299198506070018", sex="男", birth=date(1985, 6, 7))
DEPARTMENT = ITEM["dept_code"]
#: code -> what it needs
ITEMS: dict[str, dict[str, Any]] = {
    "low": {"assurance": Assurance.LOW},
    "substantial": {"assurance": Assurance.SUBSTANTIAL},
    "high": {"assurance": Assurance.HIGH},
    "company": {"assurance": Assurance.LOW, "server_types": ["2"]},
    "own": {"assurance": Assurance.LOW, "agent_allowed": False},
}


class Headless:
    """`journey` is the real one; `waiting` holds its jobs, and `posted` what its devices told meanwhile."""

    def __init__(
        self,
        data: Path,
        fleet_url: str = "http://127.0.0.1:9",
        stick: UsbStick | None = None,
        scanner: DocumentScanner | None = None,
        reader: TextReader | None = None,
        sound: Sound | None = None,
        voice: Voice | None = None,
        **site: Any,
    ) -> None:
        _release(data)
        rules = VisitRules.load(SiteRules.model_validate({"offline_opens": ["*"]} | site).model_dump())
        settings = Settings(
            "HW-0001", "A1", Words(zh="大厅"), "一楼", "12345", fleet_url, rules=rules, reads_papers=reader is not None
        )
        self.cache = Cache.open(data, rules)
        self.waiting: list[tuple[Callable[[], Any], Callable[[Any], None]]] = []
        self.posted: list[object] = []
        # none of them is there: they are looked for and not found
        away = str(data / "nothing")
        devices = Devices(
            code_scanner=CodeScanner(f"serial:{away}"), face_camera_check=VideoCheck(away), document_scanner=scanner,
            sound=sound, usb_stick=stick,
        )  # fmt: skip
        for name in ("ca.crt", "device.crt", "device.key"):
            (data / name).touch()
        platform = Platform(fleet_url, data)
        identity, saved = IdentityService(platform, settings.id), SavedService(platform)
        self.parts = Parts(
            settings, self.cache, devices, identity, saved, DocumentService(platform),
            PhoneUploads(platform), reader or TextReader(), HoldingService(platform), self._job, self.posted.append,
            lambda _: None, voice or Voice(),
        )  # fmt: skip
        self.journey = Journey(self.parts, STEPS)

    def _job(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        self.waiting.append((work, then))

    def does(self, *events: object) -> None:
        """Hand these in, one after the other; the screen is made each time, as the terminal does."""
        for event in events:
            self.journey.handle(event)
            self.journey.snapshot()

    def finish_jobs(self) -> None:
        """Do what waits, and what that begins."""
        while self.waiting:
            self.finish_job(0)

    def finish_job(self, place: int) -> None:
        """Do one of those that wait."""
        work, then = self.waiting.pop(place)
        result = work()
        self.does(Then(lambda: then(result)))

    def hear_devices(self) -> None:
        """Hand in what devices told."""
        while self.posted:
            self.does(self.posted.pop(0))

    @property
    def page(self) -> str:
        """The name of the step that is shown."""
        return self.journey.step.name

    def close(self) -> None:
        """End: the camera goes off, the memory is closed."""
        self.journey.step.leave()
        for work, _ in self.waiting:
            work()
        self.cache.close()


def card(person: Person, picture: bytes | None = b"") -> IdCard:
    """The ID card of `person`."""
    return IdCard(
        kind="resident", name=person.name, sex=cast(Any, person.sex), nation="汉", birth=cast(date, person.birth),
        address="海湾市样板路17号", number=person.number, authority="海湾市公安局", valid_from=date(2020, 1, 1),
        valid_to=None, picture=picture,
    )  # fmt: skip


def _release(data: Path) -> None:
    folder = data / "releases" / "1"
    (folder / DEPARTMENT).mkdir(parents=True)
    template = ITEM | {"situations": [], "materials": [], "form": None, "commitment": None, "result": None}
    items = [ServiceItem.model_validate(template | {"task_code": code} | what) for code, what in ITEMS.items()]
    name = Words(zh="人社局")
    listed = DepartmentItems(dept_code=DEPARTMENT, dept_name=name, items=items)
    (folder / DEPARTMENT / "items.json").write_text(listed.model_dump_json(), "utf-8")
    about = Release(
        version=1, published_at=datetime(2026, 11, 1, tzinfo=UTC), city=Words(zh="海湾市"), themes=[],
        departments=[DEPARTMENT], targets=[], certificate_keys=[],
        identity_keys=[CertificateKey(id=KEY_ID, public=PUBLIC.hex())],
    )  # fmt: skip
    (folder / "release.json").write_text(about.model_dump_json(), "utf-8")
    (data / "releases" / "current").symlink_to("1")
