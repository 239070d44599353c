"""The bar above the keys: the candidates that fit, and the way to more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kivy.clock import Clock
from kivy.metrics import dp
from kivy.properties import NumericProperty, StringProperty
from kivy.uix.label import Label
from kivy.uix.widget import Widget

from kiosk.words import say
from screens.fonts import font_of
from screens.keyboards import palette
from screens.keyboards.answer import Answer
from screens.keyboards.key import Key
from screens.keyboards.layouts import GAP

if TYPE_CHECKING:
    from screens.keyboards.keyboard import Keyboard

TEXT, PADDING, NARROWEST = 44, 70, 114  # of a candidate, in design pixels


class Candidates(Widget):
    """A window on the engine's page of candidates, as wide as the bar; more of them a tap away."""

    language = StringProperty("zh")
    factor = NumericProperty(1.0)
    #: before the names of what is said where there are no candidates: "rare_parts_"
    words_of = StringProperty("")

    def __init__(self, keyboard: Keyboard, **values: Any) -> None:
        self._keyboard = keyboard
        self._answer = Answer()
        self._starts = [0]  # where the windows of this page begin, up to the one shown
        super().__init__(**values)
        self._hint = Label(color=palette.INK)
        self._lay_out = Clock.create_trigger(self._place, -1)
        self.bind(size=self._lay_out, pos=self._lay_out)

    @property
    def words(self) -> tuple[str, ...]:
        """All candidates of the engine's page."""
        return self._answer.candidates

    @property
    def first(self) -> int:
        """The engine's index of the first candidate shown: the one the space bar takes."""
        return self._starts[-1]

    @property
    def touched(self) -> bool:
        """Whether a finger is on a candidate: let it stand until the finger leaves."""
        return any(isinstance(child, Key) and child.pressed for child in self.children)

    def show(self, answer: Answer) -> None:
        """Shows another answer, from its first candidate."""
        self._answer, self._starts = answer, [0]
        self._place()

    def more(self) -> None:
        """The candidates after those shown."""
        after = self.first + self._count()
        if after < len(self.words):
            self._starts.append(after)
            self._place()
        else:
            self._keyboard.turn(1)

    def fewer(self) -> None:
        """The candidates before those shown."""
        if len(self._starts) > 1:
            self._starts.pop()
            self._place()
        else:
            self._keyboard.turn(-1)

    def _width(self, text: str) -> float:
        ems = sum(1.0 if character > "\u2e80" else 0.56 for character in text)
        return max(dp(NARROWEST), dp(ems * TEXT * self.factor + PADDING))

    def _count(self) -> int:
        """How many candidates fit from the first shown, with room for the keys beside them."""
        count, free = 0, self.width - self._beside()
        for word in self.words[self.first :]:
            free -= self._width(word) + dp(GAP)
            if free < 0 and count:
                break
            count += 1
        return count

    def _beside(self) -> float:
        """The width of the keys that turn pages. Room for 更多 is kept even when it is not there."""
        earlier = self._width(say("keyboard.fewer", self.language)) + dp(GAP) if self._has_fewer() else 0.0
        return self._width(say("keyboard.more", self.language)) + earlier

    def _has_fewer(self) -> bool:
        return len(self._starts) > 1 or self._answer.page > 0

    def _place(self, *_: object) -> None:
        self.clear_widgets()
        if not self.words:
            self._place_hint()
            return
        left, count = self.x, self._count()
        room = self.width - self._beside() - dp(GAP)
        for shown in range(count):
            index = self.first + shown
            key = Key(
                control_id=f"candidate:{shown}",
                control_name=self.words[index],
                text=self.words[index],
                selected=shown == 0,
            )
            if len(key.text) == 1:
                key.font_name = font_of(key.text)
            key.bind(on_tap=self._chosen)
            left = self._add(key, left, min(self._width(key.text), room))
        if self._has_fewer():
            key = self._turner("fewer")
            key.bind(on_tap=lambda _: self.fewer())
            left = self._add(key, left, self._width(key.text))
        if self.first + count < len(self.words) or self._answer.has_more:
            key = self._turner("more")
            key.bind(on_tap=lambda _: self.more())
            self._add(key, left, self._width(key.text))

    def _chosen(self, key: Key) -> None:
        """What stood under the finger, even if the candidates were ordered anew while it was down."""
        if key.text in self.words:
            self._keyboard.choose(self.words.index(key.text))

    def _turner(self, name: str) -> Key:
        return Key(
            control_id=f"candidate:{name}",
            control_name=say(f"keyboard.{name}_name", self.language),
            text=say(f"keyboard.{name}", self.language),
        )

    def _add(self, key: Key, left: float, width: float) -> float:
        key.kind, key.factor = "candidate", self.factor
        key.pos, key.size = (left, self.y), (width, self.height)
        self.add_widget(key)
        return left + width + dp(GAP)

    def _place_hint(self) -> None:
        name = "out" if self._answer.out else "none" if self._answer.composing else "hint"
        self._hint.text = say(f"keyboard.{self.words_of}{name}", self.language)
        self._hint.font_size = dp(30 * self.factor)
        self._hint.pos, self._hint.size = self.pos, self.size
        self._hint.text_size = self.width, None
        self.add_widget(self._hint)
