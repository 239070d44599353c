"""What the platform has is confirmed and not given again: a real platform, and a journey without a display."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contract.cases import MaterialSent
from contract.codes import Assurance, LoginWay, MaterialNeed, MaterialOrigin
from contract.identity import Company, CompanyRole, Helper, Person
from contract.items import MaterialWay
from contract.releases import SealAuthority
from fleet.sample_city.seals.keys import DEPARTMENT, sample_keys
from fleet.sample_city.seals.ofd import page_entries, sealed_ofd
from fleet.sample_city.seals.picture import seal_picture
from fleet.sample_city.seals.ses import make_seal
from kiosk.documents.scan_results import Quality, ScannedPage
from kiosk.identity import Proof
from kiosk.items import to_scan
from kiosk.journey import intents
from kiosk.journey.events import Tick
from kiosk.journey.journey import Journey
from kiosk.journey.steps import held_paper
from kiosk.journey.steps.scan_material import ScanMaterial
from kiosk.journey.views import CheckView, HeldView, ScanView
from kiosk.words import LANGUAGES, say
from offline_cache.releases.installed import InstalledRelease
from tests.fleet.city_workbook import COMPANIES, PROOF
from tests.fleet.held import CHEN, LICENCES, USCC, WANG, connectors, forget_cases, hanging, with_holdings
from tests.fleet.running_platform import RunningPlatform, TestTerminal, running
from tests.fleet.sample_cases import proof_case, put_case, sha256, upload
from tests.kiosk.documents.sealing import DAY
from tests.kiosk.headless import LI, Headless

BOOK = next(entry["number"] for entry in LICENCES if entry.get("valid_until") == "2099-01-08")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlatform]:
    folder = tmp_path_factory.mktemp("holding city")
    for platform in running(folder, connectors(folder), with_holdings):
        # once more, with the authorities of its seals
        platform.command("release", "--approved-by", "甲", "--approved-by", "乙")
        yield platform


@pytest.fixture(scope="module")
def device(city: RunningPlatform, tmp_path_factory: pytest.TempPathFactory) -> TestTerminal:
    return TestTerminal(city, "T-1", tmp_path_factory.mktemp("T-1"))


@pytest.fixture(scope="module")
def release(city: RunningPlatform, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The newest target of each name, as the agent would have put them."""
    targets, into = city.data / "releases" / "targets", tmp_path_factory.mktemp("release")
    for path in sorted(targets.rglob("*.*"), key=lambda path: path.stat().st_mtime_ns):
        place = into / path.relative_to(targets).parent / path.name.partition(".")[2]
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)
    return into


class Visit(Headless):
    """Somebody's visit at a terminal of that city, before the item's first stop."""

    def __init__(self, data: Path, url: str, device: TestTerminal, release: Path) -> None:
        super().__init__(data, url)
        for name in ("ca.crt", "device.crt", "device.key"):
            shutil.copy(device.folder / name, data / name)
        self.journey.release = release
        self.cache.facts.tell("network", "online")

    def begins(
        self, person: Person = WANG, item: str = PROOF, assurance: Assurance = Assurance.SUBSTANTIAL, **state: Any
    ) -> None:
        self.journey.begin_visit(Proof(person, LoginWay.ID_CARD, assurance))
        for name, value in state.items():
            setattr(self.journey.state, name, value)
        self.journey.state.item = item
        self.does(Tick())
        self.journey.go(self.journey.after(None))

    def answered(self) -> None:
        """Everything that was asked has its answer, and the page has seen it."""
        self.finish_jobs()
        self.does(Tick())
        self.finish_jobs()

    @property
    def held(self) -> HeldView:
        view = self.journey.step.view()
        assert isinstance(view, HeldView), self.page
        return view

    @property
    def scan(self) -> ScanView:
        view = self.journey.step.view()
        assert isinstance(view, ScanView), self.page
        return view

    @property
    def told(self) -> str:
        """What the page of the camera tells first, where the camera itself has no trouble."""
        return str(self.journey.step.made_with["problem"])

    def scans_it(self) -> None:
        """A page lies under the camera, is taken and kept."""
        step = self.journey.step
        assert isinstance(step, ScanMaterial)
        step.took(ScannedPage(seal_jpeg(), Quality(1.0), 600, 800))
        self.does(intents.Forward())
        self.finish_jobs()

    def kept(self, digest: str) -> bytes:
        assert self.journey.visit is not None
        return self.cache.visits.material(self.journey.visit, digest)

    @property
    def materials(self) -> dict[str, MaterialSent]:
        return self.journey.state.materials


@pytest.fixture(autouse=True)
def fresh(city: RunningPlatform) -> None:
    forget_cases(city)


Open = Callable[[], Visit]


@pytest.fixture
def open_visit(
    tmp_path: Path, city: RunningPlatform, device: TestTerminal, release: InstalledRelease
) -> Iterator[Open]:
    opened: list[Visit] = []

    def make() -> Visit:
        # items and seals of this test alone
        own = InstalledRelease(release)
        opened.append(Visit(tmp_path / f"data{len(opened)}", city.url, device, own))
        return opened[-1]

    yield make
    for visit in opened:
        visit.close()


@pytest.fixture
def visit(open_visit: Open) -> Visit:
    return open_visit()


def seal_jpeg() -> bytes:
    import io

    from PIL import Image

    written = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(written, "JPEG")
    return written.getvalue()


def index(journey: Journey, material: str) -> int:
    return [each.id for each in to_scan(journey.item, journey.state.facts)].index(material)


# a licence


def test_a_licence_is_shown_checked_and_used(visit: Visit) -> None:
    visit.begins()
    assert (visit.page, visit.held.state) == ("held_paper", "asking")
    assert visit.journey.snapshot().chrome.forward_enabled is False
    visit.finish_job(0)
    visit.does(Tick())
    assert visit.held.state == "checking" and ("证照编号", BOOK) in visit.held.rows
    assert not visit.journey.snapshot().chrome.forward_enabled, "nothing is used before it is checked"
    visit.finish_jobs()
    view = visit.held
    assert view.state == "ready" and view.picture.startswith(b"\xff\xd8") and DEPARTMENT in view.seal
    assert dict(view.rows)["有效期至"] == "2099 年 1 月 8 日" and dict(view.rows)["发证日期"] == "2023 年 1 月 9 日"
    visit.does(intents.Forward())
    sent = visit.materials["card_book"]
    assert (sent.origins, sent.media_type, sent.pages) == ([MaterialOrigin.LICENCE], "application/pdf", 1)
    assert BOOK in sent.reference and "人力资源" in sent.reference
    assert visit.kept(sent.sha256).startswith(b"%PDF-")
    assert (visit.page, visit.scan.title) == ("scan", "拍摄房屋租赁合同"), "it need not be scanned"
    visit.does(intents.Back())
    assert visit.page == "held_paper"
    visit.finish_jobs()
    assert visit.held.state == "ready"


def test_it_stands_on_the_check_page_and_can_be_changed_there(visit: Visit) -> None:
    visit.begins()
    visit.answered()
    visit.does(intents.Forward())
    digest = visit.materials["card_book"].sha256
    visit.does(intents.WithoutPaper(), intents.WithoutPaper())
    view = visit.journey.step.view()
    assert isinstance(view, CheckView)
    [row] = [row for row in view.papers if row.change == "scan:card_book"]
    assert BOOK in row.value and "平台" in row.value
    visit.does(intents.Change("scan:card_book"))
    assert visit.page == "held_paper"
    visit.does(intents.Back())
    assert visit.page == "check" and visit.materials["card_book"].sha256 == digest
    visit.does(intents.Change("scan:card_book"), intents.ScanInstead())
    assert visit.scan.from_platform
    visit.scans_it()
    sent = visit.materials["card_book"]
    assert visit.page == "check" and (sent.origins, sent.reference) == ([MaterialOrigin.SCAN], "")
    assert not visit.journey.state.holds(digest)
    # what is scanned is what is looked at again, and from there the offer is one touch away
    visit.does(intents.Change("scan:card_book"), intents.FromPlatform())
    assert visit.page == "held_paper"
    visit.finish_jobs()
    visit.does(intents.Forward())
    assert visit.page == "check" and visit.materials["card_book"].sha256 == digest
    assert "card_book" not in visit.journey.state.pages, "the scan is gone"


def test_it_is_in_the_savepoint_and_the_offer_is_not(visit: Visit) -> None:
    visit.begins()
    visit.answered()
    visit.does(intents.Forward())
    assert visit.journey.visit is not None
    saved = visit.cache.visits.saved(visit.journey.visit)
    assert saved is not None and visit.materials["card_book"].sha256.encode() in saved
    assert b"handle" not in saved


def test_scanning_is_always_there(visit: Visit) -> None:
    visit.begins()
    visit.does(intents.ScanInstead())
    assert visit.page == "scan", "while the platform is being asked"
    visit.answered()
    assert visit.page == "scan" and visit.scan.from_platform, "the answer that came meanwhile is a button away"
    visit.does(intents.FromPlatform())
    assert (visit.page, visit.held.state) == ("held_paper", "checking")
    visit.does(intents.ScanInstead())
    assert visit.page == "scan" and not visit.materials
    visit.finish_jobs()
    visit.scans_it()
    assert visit.materials["card_book"].origins == [MaterialOrigin.SCAN]


def test_where_the_platform_has_nothing_it_is_scanned(visit: Visit) -> None:
    visit.begins(LI)
    visit.answered()
    assert visit.page == "scan" and not visit.scan.from_platform and not visit.told
    visit.does(intents.Back())
    assert visit.page == "guide", "no page that only asks stands in the way back"


def test_going_back_ends_on_the_page_before(visit: Visit) -> None:
    visit.begins()
    visit.answered()
    visit.does(intents.Back())
    assert visit.page == "guide"


def test_an_expired_licence_is_said_to_be(visit: Visit) -> None:
    visit.begins(CHEN)
    visit.answered()
    view = visit.held
    assert view.state == "refused" and "2024 年 12 月 31 日" in view.problem and view.picture == b""
    visit.does(intents.Forward())
    assert visit.page == "scan" and not visit.materials and not visit.scan.from_platform


# what is not used


def sealed_as(city: RunningPlatform, text: str, more: str = "", begins: datetime | None = None) -> bytes:
    """An OFD of the city's department that says `text`."""
    now = datetime.now(UTC).replace(microsecond=0)
    keys = sample_keys(city.data / "sample-seals")
    seal = make_seal(DEPARTMENT, seal_picture(), 38, keys.ofd, keys.ofd_authority, now - DAY, now + DAY)
    return sealed_ofd(page_entries([(30, 60, 6, text)], more=more), seal, now)


def offer(visit: Visit, city: RunningPlatform, content: bytes, kind: str = "ofd", **changed: object) -> None:
    """The platform offers `content` as Wang's licence: it stands in the place of the file the city keeps."""
    path = city.data / "sample-seals" / "licences" / f"{BOOK}.pdf"
    path.write_bytes(content)
    visit.journey.state.offers = type(visit.journey.state.offers)()
    visit.journey.go(visit.journey.at(visit.journey.step.made_with["stop"]))
    visit.finish_job(0)
    found = visit.journey.state.offers.found["card_book"]
    told = {"media_type": f"application/{kind}", **changed}
    visit.journey.state.offers.found["card_book"] = found.model_copy(update=told)


@pytest.fixture
def with_right_file(city: RunningPlatform, visit: Visit) -> Iterator[Visit]:
    """Wang's visit at the offer; the city's file is the right one again afterwards."""
    visit.begins()
    visit.finish_job(0)
    path = city.data / "sample-seals" / "licences" / f"{BOOK}.pdf"
    right = path.read_bytes()
    yield visit
    path.write_bytes(right)


def test_what_is_wrong_is_told_and_not_used(with_right_file: Visit, city: RunningPlatform) -> None:
    visit = with_right_file
    right = (city.data / "sample-seals" / "licences" / f"{BOOK}.pdf").read_bytes()
    changed = bytearray(right)
    changed[len(changed) // 2] ^= 1
    wrong: list[tuple[bytes, dict[str, object], tuple[str, ...]]] = [
        (bytes(changed), {"kind": "pdf"}, ("changed", "broken")),
        (right, {"kind": "ofd"}, ("broken",)),
        (b"%PDF-1.7 nothing", {"kind": "pdf"}, ("broken", "no_seal")),
        (sealed_as(city, "持有人：李样本"), {}, ("holder",)),
        (right, {"kind": "pdf", "holder": "李样本"}, ("holder",)),
        (right, {"kind": "pdf", "holder_number": "3702**********0018"}, ("holder",)),
    ]
    for content, told, reasons in wrong:
        offer(visit, city, content, **told)  # type: ignore[arg-type]
        visit.does(Tick())
        visit.finish_jobs()
        assert visit.held.state == "refused" and visit.held.problem in [say(f"held.{why}") for why in reasons]
        assert visit.held.scans == "" and visit.held.picture == b""
        visit.does(intents.Forward())
        assert visit.page == "scan" and not visit.scan.from_platform and not visit.materials


def test_a_seal_nobody_trusts(with_right_file: Visit) -> None:
    visit = with_right_file
    about = visit.journey.installed.about
    visit.journey.installed.about = about.model_copy(update={"seal_authorities": list[SealAuthority]()})
    visit.does(Tick())
    visit.finish_jobs()
    assert visit.held.problem == say("held.unknown_signer")


def test_an_ofd_that_cannot_be_drawn_is_given_as_a_file(with_right_file: Visit, city: RunningPlatform) -> None:
    visit = with_right_file
    offer(visit, city, sealed_as(city, "持有人：王示例", more="<ofd:PageBlock/>"))
    visit.does(Tick())
    visit.finish_jobs()
    view = visit.held
    assert (view.state, view.picture) == ("file", b"") and view.remark and DEPARTMENT in view.seal
    visit.does(intents.Forward())
    sent = visit.materials["card_book"]
    assert sent.media_type == "application/ofd" and visit.kept(sent.sha256).startswith(b"PK")


def test_an_ofd_is_drawn(with_right_file: Visit, city: RunningPlatform) -> None:
    visit = with_right_file
    offer(visit, city, sealed_as(city, "持有人：王示例"))
    visit.does(Tick())
    visit.finish_jobs()
    assert visit.held.state == "ready" and visit.held.picture.startswith(b"\xff\xd8")


def test_a_file_that_does_not_come_can_be_asked_for_again(with_right_file: Visit, city: RunningPlatform) -> None:
    visit = with_right_file
    path = city.data / "sample-seals" / "licences" / f"{BOOK}.pdf"
    right = path.read_bytes()
    path.write_bytes(right + b"\n")
    visit.does(Tick())
    visit.finish_jobs()
    assert visit.held.problem == say("held.lost")
    visit.does(intents.Forward())
    assert visit.page == "scan" and visit.scan.from_platform
    path.write_bytes(right)
    visit.does(intents.FromPlatform())
    visit.finish_jobs()
    assert visit.held.state == "ready"


# the network and the city


def test_without_a_network_nothing_is_asked(open_visit: Open) -> None:
    visit = open_visit()
    visit.cache.facts.tell("network", "offline")
    visit.begins()
    assert (visit.page, visit.waiting) == ("scan", [])


def test_no_answer_in_time_ends_the_wait_and_says_so(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    visit.begins()
    visit.does(Tick())
    assert visit.page == "held_paper"
    monkeypatch.setattr(held_paper, "ASK_SECONDS", 0.0)
    visit.does(Tick())
    assert visit.page == "scan" and visit.told == say("held.no_answer")


def test_a_city_that_hangs_costs_a_few_seconds(visit: Visit, city: RunningPlatform, device: TestTerminal) -> None:
    with hanging(city.data, BOOK):
        visit.begins()
        began = time.monotonic()
        visit.answered()
        assert time.monotonic() - began < 12
    assert visit.page == "scan" and not visit.scan.from_platform


def test_a_platform_that_is_away_is_a_paper_to_scan(
    tmp_path: Path, device: TestTerminal, release: InstalledRelease
) -> None:
    visit = Visit(tmp_path / "away", "https://localhost:9", device, InstalledRelease(release))
    try:
        visit.begins()
        visit.answered()
        assert visit.page == "scan" and not visit.materials
    finally:
        visit.close()


# whose


def test_nothing_is_asked_for_an_agent_or_who_is_not_known_surely(open_visit: Open) -> None:
    unsure = open_visit()
    unsure.begins(assurance=Assurance.LOW)
    assert (unsure.page, unsure.waiting) == ("scan", [])
    agent = open_visit()
    agent.begins(LI, principal=WANG, principal_card=True)
    assert (agent.page, agent.waiting) == ("scan", [])


def test_a_helper_who_stands_by_sees_no_picture(visit: Visit) -> None:
    visit.begins(helper=Helper(id="BB-001", name="周帮办"))
    visit.answered()
    view = visit.held
    assert (view.state, view.picture) == ("ready", b"") and view.remark == say("held.covered")
    visit.does(intents.Forward())
    assert visit.materials["card_book"].origins == [MaterialOrigin.LICENCE]


def test_a_companys_licence_for_who_acts_for_it(visit: Visit) -> None:
    company = Company(name="海湾占位软件有限公司（示例）", uscc=USCC, role=CompanyRole.HANDLER)
    visit.begins(item=COMPANIES, company=company)
    assert visit.held.title == "看看平台有没有您的营业执照", (
        "a shared material with a licence is confirmed, not scanned"
    )
    visit.answered()
    assert visit.held.state == "ready"
    visit.does(intents.Forward())
    assert visit.page == "check" and visit.materials["trade"].media_type == "application/ofd"


def test_a_shared_material_that_the_platform_cannot_give_is_scanned(visit: Visit) -> None:
    company = Company(name="海湾虚构海产有限公司（示例）", uscc="91370299MA0X0300C5", role=CompanyRole.HANDLER)
    visit.begins(LI, item=COMPANIES, company=company)
    visit.answered()
    assert visit.page == "scan" and visit.scan.title == "拍摄营业执照"
    visit.scans_it()
    assert visit.page == "check" and visit.materials["trade"].origins == [MaterialOrigin.SCAN]


# what was given earlier


def test_what_was_given_earlier_is_used_again(visit: Visit, device: TestTerminal, release: Path) -> None:
    from kiosk.documents.page_pictures import Part, one_pdf

    content = one_pdf([Part(seal_jpeg()), Part(seal_jpeg())])
    book, lease = (
        MaterialSent(
            material_id=name, name=title, media_type="application/pdf", sha256=sha256(content), size=len(content),
            pages=2, origins=[MaterialOrigin.PHONE],
        )
        for name, title in (("card_book", "就业创业证"), ("lease", "房屋租赁合同"))
    )  # fmt: skip
    case = proof_case("T-1", applicant=WANG, materials=[book, lease], release_version=2)
    upload(device, case.case_id, content)
    number = put_case(device, case).json()["case_number"]
    visit.begins()
    visit.answered()
    visit.does(intents.Forward())
    assert visit.page == "held_paper" and visit.held.title == "平台已经有您的房屋租赁合同"
    visit.finish_jobs()
    view = visit.held
    assert view.state == "ready" and view.seal == "" and view.picture.startswith(b"\xff\xd8")
    assert dict(view.rows)["办件编号"] == number and dict(view.rows)["办哪件事时交的"] == "参保证明打印"
    visit.does(intents.Forward())
    sent = visit.materials["lease"]
    assert (sent.origins, sent.pages, sent.sha256) == ([MaterialOrigin.EARLIER], 2, sha256(content))


def test_who_does_not_have_it_after_all_gives_neither(visit: Visit) -> None:
    """A material that may follow: first the platform's is used, then the citizen says that they do not have it."""
    item = visit.journey.installed.items[PROOF]
    visit.journey.installed.items[PROOF] = item.model_copy(
        update={"materials": [each.model_copy(update={"need": MaterialNeed.OPTIONAL}) for each in item.materials]}
    )
    visit.begins()
    visit.answered()
    visit.does(intents.Forward(), intents.WithoutPaper(), intents.WithoutPaper())
    visit.does(intents.Change("scan:card_book"), intents.ScanInstead(), intents.WithoutPaper())
    assert visit.page == "check" and "card_book" not in visit.materials and "card_book" in visit.journey.state.later


def test_every_reason_has_its_words() -> None:
    from kiosk.cases.held_paper import _SEALS

    for language in LANGUAGES:
        for why in {*_SEALS.values(), "expired", "holder", "lost", "broken"}:
            assert say(f"held.{why}", language, until="x")


def test_which_materials_belong_to_a_case() -> None:
    from contract.items import Material
    from contract.model import Words

    def material(way: MaterialWay, **fields: Any) -> Material:
        return Material(id="x", name=Words(zh="证"), way=way, **fields)

    assert material(MaterialWay.SCAN).given and not material(MaterialWay.SCAN).may_be_held
    assert material(MaterialWay.SCAN, reuse_months=1).may_be_held
    shared = material(MaterialWay.SHARED)
    assert not shared.given and not shared.may_be_held
    assert material(MaterialWay.SHARED, licence="A-1").given
    assert not material(MaterialWay.CARD, licence="A-1").may_be_held
