"""Colours, type scale and sizes, as one object widgets watch: `theme`. Values are those of the look's tokens.

Care mode (关爱版) makes the text of pages 1.6 times as large. Lengths are in pixels of this window (dp applied).
"""

from __future__ import annotations

from kivy.event import EventDispatcher
from kivy.metrics import dp
from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, StringProperty

CARE_FACTOR = 1.6
#: Buttons grow less than their text: 112 dp to 168 dp.
CARE_TARGET = 1.5


class Theme(EventDispatcher):
    """What every widget looks like now. `care` and `language` are set from the chrome of each snapshot."""

    care = BooleanProperty(False)
    language = StringProperty("zh")

    ink = ColorProperty("#0F1F2E")
    quiet = ColorProperty("#3F5164")
    ground = ColorProperty("#EEF2F5")
    surface = ColorProperty("#FFFFFF")
    line = ColorProperty("#C9D3DC")
    sea = ColorProperty("#0B4F6C")
    seadeep = ColorProperty("#073B52")
    seawash = ColorProperty("#E3F0F5")
    seal = ColorProperty("#951A15")
    sealwash = ColorProperty("#FCEDEB")
    pine = ColorProperty("#17593A")
    pinewash = ColorProperty("#E4F3EA")
    amber = ColorProperty("#6B4700")
    amberwash = ColorProperty("#FFF2D0")
    amberline = ColorProperty("#E5C06A")
    focus = ColorProperty("#FFB703")
    shade = ColorProperty("#0F1F2EB3")

    factor = NumericProperty(1.0)
    #: text of the bars, the same in care mode
    label = NumericProperty(0)
    small = NumericProperty(0)
    body = NumericProperty(0)
    choice = NumericProperty(0)
    heading = NumericProperty(0)
    display = NumericProperty(0)
    #: height of a button
    target = NumericProperty(0)

    def __init__(self) -> None:
        super().__init__()
        self.on_care()

    def on_care(self, *_: object) -> None:
        """Scale the type."""
        self.factor = CARE_FACTOR if self.care else 1.0
        self.label = dp(28)
        self.small = dp(28) * self.factor
        self.body = dp(32) * self.factor
        self.choice = dp(38) * self.factor
        self.heading = dp(56) * self.factor
        self.display = dp(92)
        self.target = dp(112) * (CARE_TARGET if self.care else 1.0)

    def tone(self, name: str) -> tuple[list[float], list[float]]:
        """Text and background of a tone: good, care, plain, seal."""
        pairs = {
            "good": (self.pine, self.pinewash),
            "care": (self.amber, self.amberwash),
            "seal": (self.seal, self.sealwash),
        }
        return pairs.get(name, (self.sea, self.seawash))


theme = Theme()
