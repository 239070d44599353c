"""The first two visits, step by step. Every touch is a pointer event on the X server; every wait has a limit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import segno

from demo.programs import Failed, until
from demo.proof import Proof
from demo.report import Report
from demo.screen import Screen
from demo.simulators import Device
from demo.town import CITY, Town

INSURANCE, PROOF = "灵活就业人员参保登记", "社会保险参保证明打印"
#: a name as a finger might write it: three strokes
SIGNATURE = [
    [(0.15, 0.3), (0.25, 0.28), (0.35, 0.27)],
    [(0.25, 0.2), (0.24, 0.45), (0.2, 0.7), (0.15, 0.8)],
    [(0.45, 0.7), (0.55, 0.3), (0.62, 0.65), (0.7, 0.35), (0.78, 0.6), (0.86, 0.4)],
]


class Visit:
    """What both citizens share: the town, the screen, the report, and a device to break for the proof of failure."""

    def __init__(self, town: Town, screen: Screen, report: Report, unplug: str = "") -> None:
        self.town, self.screen, self.report = town, screen, report
        #: DEVICE@STEP: this simulator is killed just before this step
        self._unplug, _, self._when = unplug.partition("@")
        self._pictures = town.out / "screens"
        self._pictures.mkdir(exist_ok=True)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """A step with its name, and a picture of the screen after it."""
        with self.report.step(name):
            if self._unplug and name.startswith(self._when):
                self.device(self._unplug).program.kill()
            if self.town.terminal is None or not self.town.terminal.running:
                raise Failed("the terminal is not running")
            yield
            number = len(list(self._pictures.iterdir())) + 1
            self.screen.screenshot(self._pictures / f"{number:02d}-{name.split(' ')[0]}.png")

    def picture(self, name: str) -> None:
        """A picture of the screen in the middle of a step."""
        number = len(list(self._pictures.iterdir())) + 1
        self.screen.screenshot(self._pictures / f"{number:02d}-{name}.png")

    def device(self, name: str) -> Device:
        """A simulator by name."""
        assert self.town.devices is not None
        return self.town.devices.all[name]

    def open_item(self, query: str, name: str) -> None:
        """Home, the keyboard, pinyin initials, the item's guide."""
        screen = self.screen
        screen.tap("search")
        screen.wait_for("ItemsView")
        screen.type(query)
        screen.wait_for_text(name)
        screen.tap(self.item(name))
        screen.wait_for("GuideView")

    def item(self, name: str) -> str:
        """The control of the row of an item, once it is there."""

        def look() -> str:
            rows = [c for c in self.screen.tree()["controls"] if str(c["id"]).startswith("item:") and name in c["name"]]
            return str(rows[0]["id"]) if rows else ""

        return str(until(f"the item {name}", 10, look))

    def take_papers(self, number: str, count: int) -> None:
        """The office's answer, receipt and certificate; `count` of each have come out by then."""
        screen, out = self.screen, self.town.out
        with self.step(f"{number}-papers takes the receipt and the certificate"):
            screen.wait_for_text("已受理，已办结", 90)
            until("the certificate", 60, lambda: len(list((out / "pages").glob("*.pdf"))) == count)
            until("both papers printed", 60, lambda: screen.text().count("已打印") == 2)


class FirstVisit(Visit):
    """王示例 registers for insurance with her ID card."""

    def run(self) -> None:
        """The whole visit. Raises Failed at the step that fails."""
        self.login()
        self.find_item()
        self.fill_in()
        self.scan()
        self.sign()
        self.check_and_submit()
        self.finish()

    def login(self) -> None:
        """Attract screen, a touch, an ID card on the reader."""
        screen = self.screen
        with self.step("1-attract touches the attract screen"):
            screen.wait_for("AttractView")
            self.picture("1-attract-before")
            screen.tap("start")
            screen.wait_for("LoginView")
        with self.step("1-card lays the ID card on the reader"):
            self.device("id_card").tell(f"place {self.town.id_card(0)}")
            screen.wait_for("HomeView")
            screen.wait_for_text("王女士")

    def find_item(self) -> None:
        """Home, the keyboard, pinyin initials, the guide, a situation question."""
        screen = self.screen
        with self.step("2-search finds the item by pinyin initials"):
            screen.tap("search")
            screen.wait_for("ItemsView")
            screen.type("lhjycb")
            screen.wait_for_text(INSURANCE)
        with self.step("2-guide reads the guide in plain words"):
            screen.tap(self.item(INSURANCE))
            screen.wait_for("GuideView")
            screen.wait_for_text("没有单位给您交社保")
        with self.step("2-situation answers the situation question"):
            screen.tap("forward")
            screen.wait_for("SituationView")
            screen.tap("choice:local")
            self.picture("2-situation-chosen")
            screen.tap("forward")
            screen.wait_for("QuestionView")

    def fill_in(self) -> None:
        """Pages of the form: prefilled, one hidden, one value refused, one answer calculated."""
        screen = self.screen
        with self.step("3-person finds the form filled in from the card"):
            screen.wait_for_text("这是您的信息吗")
            screen.wait_for_text("王示例")
            screen.tap("confirm")
            self.picture("3-person-confirmed")
            screen.tap("forward")
            screen.wait_for_text("您现在住在哪里")
        with self.step("3-refused types a wrong mobile number, which is refused"):
            screen.tap("confirm")
            screen.tap("field:/data/contact/mobile")
            screen.type("12345")
            screen.tap("forward")
            screen.wait_for_text("手机号码是 1 开头的 11 位数字")
        with self.step("3-mobile corrects it"):
            screen.tap("field:/data/contact/mobile")
            screen.press("backspace", 5)
            screen.type("13800000026")
            screen.tap("forward")
        with self.step("3-hidden goes on: the page for other cities does not come"):
            screen.wait_for_text("您想交哪几样")
            screen.tap("choice:both")
            screen.tap("choice:next_month")
            self.picture("3-insurance-chosen")
            screen.tap("forward")
            screen.wait_for_text("每个月按多少交")
        with self.step("3-calculated types the base; what is to be paid is worked out"):
            screen.tap("field:/data/payment_page/base")
            screen.type("5000")
            screen.wait_for_text("每个月要交 1475 元")
            self.picture("3-calculated-typed")
            screen.tap("forward")
            screen.wait_for("ScanView")

    def scan(self) -> None:
        """A paper under the camera: found, straightened, checked, kept."""
        screen = self.screen
        with self.step("4-scan lays the paper under the document camera"):
            self.device("document_camera").tell(f"show {CITY / 'papers' / 'employment_card.jpg'}")
            screen.wait_for_text("请放稳")
            self.picture("4-scan-found")
            screen.wait_for_text("拍好了")
            self.device("document_camera").tell("clear")
        with self.step("4-keep keeps the page"):
            screen.tap("forward")
            screen.wait_for("CommitmentView")

    def sign(self) -> None:
        """The commitment is read and signed by hand."""
        screen = self.screen
        with self.step("5-commitment reads the letter of commitment"):
            screen.wait_for_text("参保承诺书")
            screen.tap("forward")
            screen.wait_for("SignView")
        with self.step("5-sign signs by hand"):
            screen.draw("pad", SIGNATURE)
            self.picture("5-signed")
            screen.tap("forward")
            screen.wait_for("CheckView")

    def check_and_submit(self) -> None:
        """Check your answers, change one, submit."""
        screen = self.screen
        with self.step("5-change goes back and changes an answer"):
            screen.tap("change:form:/data/contact/address")
            screen.wait_for("QuestionView")
            screen.tap("field:/data/contact/address")
            screen.type("dongmen")
            self.picture("5-change-pinyin")
            screen.tap("candidate:0")
            screen.tap("forward")
            screen.wait_for("CheckView")
            screen.wait_for_text("东门")
        with self.step("5-submit submits"):
            screen.tap("forward")
            screen.wait_for("DoneView")
            screen.wait_for_text("已受理，已办结", 90)

    def finish(self) -> None:
        """Receipt, certificate, rating, the card."""
        screen = self.screen
        with self.step("6-receipt takes the receipt and the certificate"):
            until("the receipt", 90, lambda: list((self.town.out / "receipts").glob("*.bin")))
            until("the certificate", 60, lambda: list((self.town.out / "pages").glob("*.pdf")))
            until("both papers printed", 60, lambda: screen.text().count("已打印") == 2)
        with self.step("7-rating rates the service with two reasons"):
            screen.tap("level:5")
            screen.tap("reason:513")
            screen.tap("reason:516")
            self.picture("7-rating-chosen")
            screen.tap("send_rating")
            screen.wait_for_text("谢谢")
        with self.step("7-card is reminded of the card"):
            screen.tap("forward")
            screen.wait_for("FarewellView")
            screen.wait_for_text("身份证还在读卡处")
        with self.step("7-lifted lifts the card; the screen is back at the start"):
            self.device("id_card").tell("lift")
            screen.wait_for("AttractView")


class SecondVisit(Visit):
    """李样本 shows a code on his phone and prints a certificate; the network goes before the rating."""

    def run(self) -> None:
        """The whole visit. Raises Failed at the step that fails."""
        screen, cable = self.screen, self.town.cable
        assert cable is not None
        with self.step("9-code holds the citizen's code to the scanner"):
            screen.wait_for("AttractView")
            screen.tap("start")
            screen.tap("way:citizen_code")
            screen.wait_for("CodeLoginView")
            self.picture("9-code-waiting")
            picture = self.town.out / "code.png"
            text = self.town.citizen_code(self.town.people[1]["number"])
            segno.make(text, error="m").save(str(picture), scale=8, border=6)
            self.device("code_camera").tell(f"show {picture}")
            screen.wait_for("HomeView")
            screen.wait_for_text("李先生")
            self.device("code_camera").tell("clear")
        with self.step("9-leave is asked before the visit ends, and stays"):
            screen.tap("leave")
            screen.wait_for_text("要结束吗")
            self.picture("9-leave-asked")
            screen.tap("stay")
        with self.step("9-print has a certificate printed"):
            rows = [c for c in screen.tree()["controls"] if str(c["id"]).startswith("item:") and PROOF in c["name"]]
            screen.tap(str(rows[0]["id"]) if rows else "item:")
            screen.wait_for("GuideView")
            screen.tap("forward")
            screen.wait_for("DoneView")
            screen.wait_for_text("已受理，已办结", 90)
            until("the second certificate", 60, lambda: len(list((self.town.out / "pages").glob("*.pdf"))) == 2)
            until("both papers printed", 60, lambda: screen.text().count("已打印") == 2)
        with self.step("9-cut loses the network, and rates all the same"):
            cable.cut()
            screen.wait_for_text("网络暂时断开")
            screen.tap("level:4")
            screen.tap("reason:412")
            screen.tap("send_rating")
            screen.wait_for_text("谢谢")
            self.picture("9-rated-offline")
            screen.tap("forward")
            screen.wait_for("FarewellView")
        with self.step("9-back is gone; the network comes back"):
            screen.wait_for("AttractView")
            Proof(self.town, self.report).offline()
            cable.restore()
