"""The keyboard on the screen: pinyin, letters, symbols, digits, and the digits of an ID number."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from kivy.clock import Clock
from kivy.input import MotionEvent
from kivy.lang import Builder
from kivy.metrics import dp
from kivy.properties import BooleanProperty, ColorProperty, ObjectProperty, OptionProperty, StringProperty
from kivy.uix.behaviors import FocusBehavior
from kivy.uix.widget import Widget

from kiosk.words import say
from screens.keyboards import layouts, palette, pinyin
from screens.keyboards.candidates import Candidates
from screens.keyboards.key import Key

MODES = {"123": "digits", "pinyin": "pinyin", "latin": "latin", "symbols": "symbols"}
WORDS = (*MODES, "shift", "backspace")
CARE_FACTOR = 1.25  # of the text on keys in care mode: as large as they can hold


class Keyboard(Widget):
    """Sends `on_text(text)` and `on_backspace()`; whoever owns the field writes and erases.

    Until a candidate is chosen, `composing` holds the pinyin letters, to be shown after the text of the
    field. Setting `layout` from outside, or calling `reset`, forgets what is composed: do so whenever
    another field is in use.
    """

    layout = OptionProperty("pinyin", options=list(layouts.LAYOUTS))
    language = StringProperty("zh")
    care = BooleanProperty(False)
    composing = StringProperty("")
    shift = BooleanProperty(False)
    tray = ColorProperty(palette.TRAY)
    #: the pinyin engine to ask (PinyinInput); the terminal's shared one unless another is given
    engine = ObjectProperty(None, allownone=True)

    __events__ = ("on_text", "on_backspace")

    def __init__(self, **values: Any) -> None:
        self._built: dict[str, tuple[dict[str, Key], Candidates | None]] = {}
        self._keys: dict[str, Key] = {}
        self._candidates: Candidates | None = None
        self._answer = pinyin.Answer()
        self._awaited = 0
        self._switching = False
        self._field = 0  # counts resets: answers to questions of an earlier field are dropped
        super().__init__(**values)
        self._lay_out = Clock.create_trigger(self._place, -1)
        self.bind(size=self._lay_out, pos=self._lay_out)
        self.fbind("layout", self._build)
        self.fbind("language", self._rebuild)
        self.fbind("care", self._rebuild)
        self.fbind("shift", self._show_shift)
        self._build()

    def on_text(self, text: str) -> None:
        """`text` was typed."""

    def on_backspace(self) -> None:
        """The character before the cursor is to be erased."""

    def on_layout(self, *_: object) -> None:
        """Another layout set from outside means another field."""
        if not self._switching:
            self.reset()

    def reset(self) -> None:
        """Forgets what is composed, in the engine too."""
        self.shift = False
        if self._composes():
            self._engine().clear()
        self._field += 1
        self._awaited = 0
        self._show(pinyin.Answer())

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """A touch between keys belongs to the keyboard too: nothing beneath gets it, no field loses focus."""
        if not self.collide_point(*touch.pos):
            return False
        FocusBehavior.ignored_touch.append(touch)
        super().on_touch_down(touch)
        return True

    # What keys do

    def press(self, name: str) -> None:
        """What the key `name` does: a character, or one of the words in its control_id."""
        if name in MODES:
            self._switch(MODES[name])
        elif name == "shift":
            self.shift = not self.shift
        elif name == "backspace":
            self._erase()
        elif name == "space":
            self._space()
        elif len(name) == 1 and "a" <= name <= "z":
            self._letter(name)
        else:
            self._type(name)

    def _switch(self, layout: str) -> None:
        """The citizen's own change of layout: what is composed is written first."""
        if self._composes():
            self._ask(self._engine().finish)
        self._switching, self.shift = True, False
        self.layout = layout
        self._switching = False

    def _letter(self, letter: str) -> None:
        if self.shift:
            self.shift = False
            self._type(letter.upper())
        elif self.layout == "pinyin":
            if not self._composes():
                self._engine().clear()  # whatever another keyboard left there
            self._ask(partial(self._engine().key, letter))
        else:
            self._type(letter)

    def _type(self, text: str) -> None:
        if self._composes():
            self._ask(partial(self._engine().finish, text=text))
        else:
            self.dispatch("on_text", text)

    def _space(self) -> None:
        if not self._composes():
            self.dispatch("on_text", " ")
        elif self._candidates is not None and self._candidates.words:
            self._ask(partial(self._engine().choose, self._candidates.first), otherwise=" ")
        else:
            self._ask(self._engine().finish, otherwise=" ")

    def _erase(self) -> None:
        if self._composes():
            self._ask(self._engine().backspace, otherwise="\b")
        else:
            self.dispatch("on_backspace")

    def choose(self, index: int) -> None:
        """Takes the candidate `index` of the engine's page, unless that page is about to change."""
        if self.composing and not self._awaited:
            self._ask(partial(self._engine().choose, index))

    def turn(self, step: int) -> None:
        """The engine's next (1) or previous (-1) page of candidates."""
        if self.composing and not self._awaited:
            self._ask(partial(self._engine().page, step))

    # The engine

    def _engine(self) -> pinyin.PinyinInput:
        if self.engine is None:
            self.engine = pinyin.shared()
        return self.engine

    def _composes(self) -> bool:
        return bool(self.composing or self._awaited)

    def _ask(self, question: Any, otherwise: str = "") -> None:
        """Asks the engine. `otherwise` is what the key does if nothing turns out to be composed by then."""
        self._awaited += 1
        question(reply=partial(self._answered, self._field, otherwise))

    def _answered(self, field: int, otherwise: str, answer: pinyin.Answer) -> None:
        if field != self._field:
            return
        self._awaited -= 1
        composed_before = bool(self.composing)
        self._show(answer)
        written = answer.commit + answer.text
        if written:
            self.dispatch("on_text", written)
        elif otherwise == "\b" and not composed_before:
            self.dispatch("on_backspace")
        elif otherwise and not composed_before:
            self.dispatch("on_text", otherwise)

    def _show(self, answer: pinyin.Answer) -> None:
        self._answer = answer
        self.composing = answer.composing
        if self._candidates is not None:
            self._candidates.show(answer)

    # What is seen

    def _rebuild(self, *_: object) -> None:
        self._built.clear()
        self._build()

    def _build(self, *_: object) -> None:
        """Shows the keys of the layout; made once, for making them takes 50 ms on a slow machine."""
        if self.layout not in self._built:
            self._built[self.layout] = self._make()
        self.clear_widgets()
        self._keys, self._candidates = self._built[self.layout]
        for widget in (*self._keys.values(), *([self._candidates] if self._candidates else [])):
            self.add_widget(widget)
        if self._candidates is not None:
            self._candidates.show(self._answer)
        self._place()
        self._show_shift()

    def _make(self) -> tuple[dict[str, Key], Candidates | None]:
        keys: dict[str, Key] = {}
        candidates = None
        factor = CARE_FACTOR if self.care else 1.0
        for name in (name for row in layouts.LAYOUTS[self.layout] for name, _ in row if name):
            if name == "candidates":
                candidates = Candidates(keyboard=self, language=self.language, factor=factor)
                continue
            key = Key(control_id=f"key:{name}", factor=factor, repeats=name == "backspace")
            key.kind = self._kind(name)
            key.text = key.control_name = name if len(name) == 1 else say(f"keyboard.{name}", self.language)
            key.selected = MODES.get(name) == self.layout
            key.bind(on_tap=lambda _, name=name: self.press(name))
            keys[name] = key
        return keys, candidates

    def _kind(self, name: str) -> str:
        if name in WORDS:
            return "word"
        if name == "space":
            return "space"
        return "digit" if self.layout in ("digits", "id", "number") else "letter"

    def _place(self, *_: object) -> None:
        for name, x, y, width, height in layouts.place(self.layout, self.width, self.height, dp(1)):
            widget = self._candidates if name == "candidates" else self._keys[name]
            if widget is not None:
                widget.pos, widget.size = (self.x + x, self.y + y), (width, height)

    def _show_shift(self, *_: object) -> None:
        for name, key in self._keys.items():
            if len(name) == 1 and "a" <= name <= "z":
                key.text = name.upper() if self.shift else name
            elif name == "shift":
                key.selected = self.shift


Builder.load_file(str(Path(__file__).with_name("keyboard.kv")))
