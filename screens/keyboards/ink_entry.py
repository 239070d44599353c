"""What the keys and the pad of the handwriting layout do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kivy.clock import Clock

from screens.keyboards.answer import Answer
from screens.keyboards.character_entry import CharacterEntry
from screens.keyboards.ink_pad import InkPad

if TYPE_CHECKING:
    from screens.keyboards.keyboard import Keyboard

REST = 0.6  # seconds without a stroke until the picture is looked at, too


class InkEntry(CharacterEntry):
    """Strokes are given; where a candidate is chosen, the pad clears and the next stroke begins another character."""

    def __init__(self, keyboard: Keyboard, pad: InkPad) -> None:
        super().__init__(keyboard)
        self._pad = pad
        self._look = Clock.create_trigger(self._rest, REST)
        pad.bind(on_pen_down=self._pen_down, on_stroke=self._stroke)

    def press(self, name: str) -> bool:
        """Does what the key `name` does here; False for a key that is not of this layout."""
        if name == "undo":
            self._pad.undo()
            self._stroke()
        elif name == "clear" or (name == "backspace" and self._pad.strokes):
            self.reset()
        else:
            return super().press(name)
        return True

    def reset(self) -> None:
        """The pad is wiped and nothing of what was written stays."""
        self._asked += 1
        self._look.cancel()
        self._pad.clear()
        self._keyboard.handwriting_engine().forget()
        self._keyboard.show(Answer())

    def _pen_down(self, *_: object) -> None:
        self._look.cancel()

    def _stroke(self, *_: object) -> None:
        if not self._pad.strokes:
            self.reset()
            return
        self._asked += 1
        asked = self._asked
        self._keyboard.handwriting_engine().write(self._pad.strokes, lambda answer: self._show(asked, answer))
        self._look()

    def _rest(self, _: float) -> None:
        asked = self._asked
        self._keyboard.handwriting_engine().rest(self._pad.strokes, lambda answer: self._show(asked, answer))

    def _show(self, asked: int, answer: Answer) -> None:
        """An answer that was lost, or comes while a candidate is touched, leaves the candidates as they were."""
        if (
            asked == self._asked
            and not self._keyboard.touched
            and (answer.candidates or not self._keyboard.answer.candidates)
        ):
            self._keyboard.show(answer)
