"""What the layouts share that write one character at a time: by hand, by parts, by sound, by code point."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screens.keyboards.keyboard import Keyboard


class CharacterEntry(ABC):
    """Something is given, candidates are shown, the choice is written and the next character begins."""

    def __init__(self, keyboard: Keyboard) -> None:
        self._keyboard = keyboard
        self._asked = 0  # answers to earlier questions are dropped

    def press(self, name: str) -> bool:
        """Does what the key `name` does here; False for a key that is not of this layout."""
        if name == "space" and self._keyboard.answer.candidates:
            self.choose(self._keyboard.first)
            return True
        return False

    def choose(self, index: int) -> None:
        """The candidate is written."""
        chosen = self._keyboard.answer.candidates[index]
        self.reset()
        self._keyboard.dispatch("on_text", chosen)

    @abstractmethod
    def reset(self) -> None:
        """Forgets what was given."""
