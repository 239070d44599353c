"""The keyboard on the screen: pinyin, handwriting, rare characters, letters, symbols, digits, ID numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
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
from screens.fonts import font_of
from screens.keyboards import engines, layouts, palette
from screens.keyboards.answer import Answer
from screens.keyboards.candidates import Candidates
from screens.keyboards.character_entry import CharacterEntry
from screens.keyboards.handwriting import HandwritingInput
from screens.keyboards.ink_entry import InkEntry
from screens.keyboards.ink_pad import InkPad
from screens.keyboards.key import Key
from screens.keyboards.pinyin import PinyinInput
from screens.keyboards.rare_entry import RareEntry
from screens.keyboards.rare_input import RareInput

#: the layout each key leads to
MODES = {
    "123": "digits",
    "pinyin": "pinyin",
    "handwriting": "handwriting",
    "rare": "rare_parts",
    "latin": "latin",
    "symbols": "symbols",
    "parts": "rare_parts",
    "sound": "rare_sound",
    "code": "rare_code",
}
RARE = {layout: name for name, layout in MODES.items() if layout.startswith("rare_") and name != "rare"}
WORDS = (*MODES, "shift", "backspace", "undo", "clear", "parts_more")
#: layouts whose bar says something else where there are no candidates
OWN_WORDS = ("handwriting", *RARE)
CARE_FACTOR = 1.25  # of the text on keys in care mode: as large as they can hold


@dataclass
class Built:
    """The widgets of one layout, and what they do where that is not plain typing or pinyin."""

    keys: dict[str, Key] = field(default_factory=dict)
    candidates: Candidates | None = None
    pad: InkPad | None = None
    entry: CharacterEntry | None = None


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
    #: the same for handwriting (HandwritingInput) and rare characters (RareInput)
    handwriting = ObjectProperty(None, allownone=True)
    rare = ObjectProperty(None, allownone=True)

    __events__ = ("on_text", "on_backspace")

    def __init__(self, **values: Any) -> None:
        self._built: dict[str, Built] = {}
        self._shown = Built()
        self.answer = Answer()  # what the bar shows
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
        for built in self._built.values():
            if built.entry is not None:
                built.entry.reset()
        self.show(Answer())

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
        elif self._shown.entry is not None and self._shown.entry.press(name):
            pass
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
        """The citizen's own change of layout: pinyin that is composed is written first, other things are dropped."""
        if self._shown.entry is not None:
            self._shown.entry.reset()
        elif self._composes():
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
        elif self.answer.candidates:
            self._ask(partial(self._engine().choose, self.first), otherwise=" ")
        else:
            self._ask(self._engine().finish, otherwise=" ")

    def _erase(self) -> None:
        if self._composes():
            self._ask(self._engine().backspace, otherwise="\b")
        else:
            self.dispatch("on_backspace")

    def choose(self, index: int) -> None:
        """Takes the candidate `index` of the engine's page, unless that page is about to change."""
        if self._shown.entry is not None:
            self._shown.entry.choose(index)
        elif self.composing and not self._awaited:
            self._ask(partial(self._engine().choose, index))

    def turn(self, step: int) -> None:
        """The engine's next (1) or previous (-1) page of candidates; of single characters there is one only."""
        if self._shown.entry is None and self.composing and not self._awaited:
            self._ask(partial(self._engine().page, step))

    @property
    def first(self) -> int:
        """The index of the first candidate shown: the one the space bar takes."""
        return self._shown.candidates.first if self._shown.candidates is not None else 0

    @property
    def touched(self) -> bool:
        """Whether a finger is on a candidate."""
        return self._shown.candidates is not None and self._shown.candidates.touched

    # The engines

    def _engine(self) -> PinyinInput:
        if self.engine is None:
            self.engine = engines.shared().pinyin
        return self.engine

    def handwriting_engine(self) -> HandwritingInput:
        """The one given, or the terminal's."""
        if self.handwriting is None:
            self.handwriting = engines.shared().handwriting
        return self.handwriting

    def rare_engine(self) -> RareInput:
        """The one given, or the terminal's."""
        if self.rare is None:
            self.rare = engines.shared().rare
        return self.rare

    @property
    def awaits(self) -> bool:
        """Whether the pinyin engine has still to answer."""
        return self._awaited > 0

    def _composes(self) -> bool:
        return bool(self.composing or self._awaited)

    def _ask(self, question: Any, otherwise: str = "") -> None:
        """Asks the engine. `otherwise` is what the key does if nothing turns out to be composed by then."""
        self._awaited += 1
        question(reply=partial(self._answered, self._field, otherwise))

    def _answered(self, field: int, otherwise: str, answer: Answer) -> None:
        if field != self._field:
            return
        self._awaited -= 1
        composed_before = bool(self.composing)
        self.show(answer)
        written = answer.commit + answer.text
        if written:
            self.dispatch("on_text", written)
        elif otherwise == "\b" and not composed_before:
            self.dispatch("on_backspace")
        elif otherwise and not composed_before:
            self.dispatch("on_text", otherwise)

    def show(self, answer: Answer) -> None:
        """Shows what an engine said."""
        self.answer = answer
        self.composing = answer.composing
        if self._shown.candidates is not None:
            self._shown.candidates.show(answer)

    def show_parts(self, parts: list[str], strokes: str, more: bool) -> None:
        """Puts parts of characters on their keys; `strokes` says which are shown, `more` that there are others."""
        for name, key in self._shown.keys.items():
            if name.startswith("part:"):
                index = int(name[5:])
                part = parts[index] if index < len(parts) else ""
                key.text = key.control_name = part
                key.font_name = font_of(part) if part else "Roboto"
                key.disabled, key.opacity = not part, 1 if part else 0
            elif name.startswith("strokes:"):
                key.selected = name == f"strokes:{strokes}"
            elif name == "parts_more":
                key.disabled, key.opacity = not more, 1 if more else 0

    def key_text(self, name: str) -> str:
        """What stands on a key."""
        return str(self._shown.keys[name].text)

    # What is seen

    def _rebuild(self, *_: object) -> None:
        self._built.clear()
        self._build()

    def _build(self, *_: object) -> None:
        """Shows the keys of the layout; made once, for making them takes 50 ms on a slow machine."""
        if self.layout not in self._built:
            self._built[self.layout] = self._make()
        self.clear_widgets()
        shown = self._shown = self._built[self.layout]
        self.height = dp(layouts.height(self.layout))
        for widget in (*shown.keys.values(), *filter(None, (shown.candidates, shown.pad))):
            self.add_widget(widget)
        if shown.candidates is not None:
            shown.candidates.show(self.answer)
        if isinstance(shown.entry, RareEntry):
            shown.entry.show_parts()
        self._place()
        self._show_shift()

    def _make(self) -> Built:
        made = Built()
        factor = CARE_FACTOR if self.care else 1.0
        for name in (name for row in layouts.LAYOUTS[self.layout] for name, _ in row if name):
            if name == "candidates":
                made.candidates = Candidates(keyboard=self, language=self.language, factor=factor)
                made.candidates.words_of = f"{self.layout}_" if self.layout in OWN_WORDS else ""
            elif name == "pad":
                words = {key: say(f"keyboard.{key}", self.language) for key in ("pad", "pad_hint")}
                made.pad = InkPad(control_name=words["pad"], hint=words["pad_hint"], factor=factor)
                made.entry = InkEntry(self, made.pad)
            else:
                made.keys[name] = self._make_key(name, factor)
        if self.layout in RARE:
            made.entry = RareEntry(self, RARE[self.layout])
        return made

    def _make_key(self, name: str, factor: float) -> Key:
        key = Key(control_id=f"key:{name}", factor=factor, repeats=name == "backspace")
        key.kind = self._kind(name)
        if len(name) == 1:
            key.text = key.control_name = name
        elif not name.startswith("part:"):
            key.text = key.control_name = say(f"keyboard.{name.replace(':', '_')}", self.language)
        if name in MODES:
            ways = ("rare",) if self.layout in RARE else ()
            key.selected = MODES[name] == self.layout or name in ways
        key.bind(on_tap=lambda _: self.press(name))
        return key

    def _kind(self, name: str) -> str:
        if name in WORDS or name.startswith("strokes:"):
            return "word"
        if name == "space":
            return "space"
        return "digit" if self.layout in (*layouts.PADS, "rare_code") else "letter"

    def _place(self, *_: object) -> None:
        for name, x, y, width, height in layouts.place(self.layout, self.width, self.height, dp(1)):
            special = {"candidates": self._shown.candidates, "pad": self._shown.pad}
            widget = special[name] if name in special else self._shown.keys[name]
            if widget is not None:
                widget.pos, widget.size = (self.x + x, self.y + y), (width, height)

    def _show_shift(self, *_: object) -> None:
        for name, key in self._shown.keys.items():
            if len(name) == 1 and "a" <= name <= "z":
                key.text = name.upper() if self.shift else name
            elif name == "shift":
                key.selected = self.shift


Builder.load_file(str(Path(__file__).with_name("keyboard.kv")))
