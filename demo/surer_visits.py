"""Two short visits of citizens who must be known more surely: by the terminal's code on a phone, and by the face."""

from __future__ import annotations

import time

from demo.phone import Phone, code_in
from demo.programs import Failed, until
from demo.visits import Visit

HOUSEHOLD, PENSION = "户籍证明打印", "领取养老金资格认证"
#: what the face page asks for, and what is done then
ASKED = {"向左转头": "turn_left", "向右转头": "turn_right", "闭一下眼睛": "blink"}
#: how long a face check may take on a busy machine
FACE_SECONDS = 60.0


class ThirdVisit(Visit):
    """李样本 comes with his social security card; his household certificate asks for more, and he has his phone."""

    def run(self) -> None:
        """The whole visit. Raises Failed at the step that fails."""
        screen = self.screen
        with self.step("10-slot puts the social security card into the slot"):
            screen.wait_for("AttractView")
            screen.tap("start")
            screen.tap("way:social_security_card")
            screen.wait_for("SmartCardView")
            self.picture("10-slot-waiting")
            self.device("smart_card").tell(f"insert {self.town.social_security_card(1)}")
            screen.wait_for("HomeView")
            screen.wait_for_text("李先生")
        with self.step("10-asked wants a household certificate, and is asked for more"):
            self.open_item("hjzm", HOUSEHOLD)
            screen.tap("forward")
            screen.wait_for("LoginView")
            screen.wait_for_text("再确认一下是您本人")
        with self.step("10-phone scans the terminal's code with the phone, and agrees"):
            screen.tap("way:phone")
            screen.wait_for("PhoneLoginView")
            phone = Phone(self.town, 1)
            phone.scan(self._code())
            phone.say_who()
            phone.press("approve")
            phone.expect("请看机器屏幕")
            screen.wait_for("DoneView")
        self.take_papers("10", 3)
        with self.step("10-lifted is reminded of the card in the slot, and takes it"):
            screen.tap("forward")
            screen.wait_for("FarewellView")
            screen.wait_for_text("卡槽")
            self.picture("10-card-reminded")
            self.device("smart_card").tell("lift")
            screen.wait_for("AttractView")

    def _code(self) -> str:
        """What the phone's camera sees on the screen."""
        seen = self.town.out / "seen.png"

        def look() -> str:
            self.screen.screenshot(seen)
            return code_in(seen)

        return str(until("a code on the screen", 20, look))


class FourthVisit(Visit):
    """王示例 confirms her pension: her ID card, and her face before the camera."""

    def run(self) -> None:
        """The whole visit. Raises Failed at the step that fails."""
        screen = self.screen
        with self.step("11-card lays the ID card on the reader before any touch"):
            screen.wait_for("AttractView")
            self.device("id_card").tell(f"place {self.town.id_card(0)}")
            screen.wait_for("HomeView")
            screen.wait_for_text("王女士")
        with self.step("11-item wants to confirm her pension"):
            self.open_item("ylj", PENSION)
            screen.tap("forward")
            screen.wait_for("FaceView")
            screen.wait_for_text("照片不保存")
        with self.step("11-face looks into the camera and does what it asks"):
            self._do_what_is_asked("wang")
            screen.wait_for("DoneView")
            self.device("face_camera").tell("clear")
        self.take_papers("11", 4)
        with self.step("11-lifted takes the card; the screen is back at the start"):
            screen.tap("forward")
            screen.wait_for("FarewellView")
            self.device("id_card").tell("lift")
            screen.wait_for("AttractView")

    def _do_what_is_asked(self, who: str) -> None:
        """Read what the page asks for, and do it, until the page is another."""
        camera, doing = self.device("face_camera"), ""
        camera.tell(f"face {who} look")
        deadline = time.monotonic() + FACE_SECONDS
        while self.screen.page() == "FaceView":
            said = self.screen.text()
            asked = next((action for words, action in ASKED.items() if words in said), "look")
            if asked != doing:
                camera.tell(f"face {who} {asked}")
                if asked != "look":
                    self.picture(f"11-{asked}")
                doing = asked
            if time.monotonic() > deadline:
                raise Failed(f"the face check was not over within {FACE_SECONDS:.0f} s: {said[:300]}")
            time.sleep(0.1)
