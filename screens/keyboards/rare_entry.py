"""What the keys of the three layouts of rare characters do: parts, sounds, code points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.keyboards import radicals
from screens.keyboards.answer import Answer
from screens.keyboards.character_entry import CharacterEntry
from screens.keyboards.layouts import PART_KEYS
from screens.keyboards.rare import PARTS
from screens.keyboards.rare_input import RareAnswer

if TYPE_CHECKING:
    from screens.keyboards.keyboard import Keyboard

LONGEST = {"parts": PARTS, "sound": 24, "code": 6}
MOST_STROKES = 9  # the key of nine strokes holds all with more


class RareEntry(CharacterEntry):
    """`way` is "parts", "sound" or "code". What is given so far stands as `composing`."""

    def __init__(self, keyboard: Keyboard, way: str) -> None:
        super().__init__(keyboard)
        self._way, self._given = way, ""
        self._beside: dict[str, int] = {}
        self._strokes, self._first = "often", 0  # which parts are offered, from which one on

    def press(self, name: str) -> bool:
        """Does what the key `name` does here; False for a key that is not of these layouts."""
        if name == "backspace" and self._given:
            self._give(self._given[:-1])
        elif name.startswith("strokes:"):
            self._strokes, self._first = name[8:], 0
            self.show_parts()
        elif name == "parts_more":
            self._first += PART_KEYS
            self.show_parts()
        elif name.startswith("part:"):
            self._give(self._given + self._keyboard.key_text(name))
        elif self._way in ("sound", "code") and (name in "'" or name.isalnum()) and len(name) == 1:
            self._give(self._given + name)
        else:
            return super().press(name)
        return True

    def reset(self) -> None:
        """Forgets what was given."""
        self._give("")

    def _give(self, given: str) -> None:
        if len(given) > LONGEST[self._way]:
            return
        self._asked += 1
        self._given = given
        self._strokes, self._first = "often", 0
        if not given:
            self._show(self._asked, RareAnswer())
            return
        asked = self._asked
        self._keyboard.rare_engine().ask(self._way, given, lambda answer: self._show(asked, answer))
        self._keyboard.show(Answer(self._composing(), self._keyboard.answer.candidates))

    def _show(self, asked: int, answer: RareAnswer) -> None:
        if asked == self._asked:
            self._beside = answer.parts
            self._keyboard.show(Answer(self._composing(), answer.characters, out=answer.out))
            self.show_parts()

    def _composing(self) -> str:
        if self._way == "code" and self._given:
            return f"U+{self._given}"
        return "+".join(self._given) if self._way == "parts" else self._given

    # the parts that are offered

    def show_parts(self) -> None:
        """Puts the parts on their keys."""
        if self._way == "parts":
            offered = self._offered()
            if self._first >= len(offered):
                self._first = 0
            page = offered[self._first : self._first + PART_KEYS]
            self._keyboard.show_parts(page, self._strokes, len(offered) > PART_KEYS)

    def _offered(self) -> list[str]:
        """The parts that lead on, or before anything is chosen those of a dictionary's list."""
        if not self._given:
            return list(radicals.FREQUENT if self._strokes == "often" else radicals.BY_STROKES[self._strokes])
        if self._strokes == "often":
            return sorted(self._beside, key=lambda part: (part not in radicals.KNOWN, self._rank(part)))
        return [
            part for part, strokes in self._beside.items() if self._strokes == str(min(MOST_STROKES, max(2, strokes)))
        ]

    def _rank(self, part: str) -> int:
        return list(self._beside).index(part)
