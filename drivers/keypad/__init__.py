"""A keypad with tactile keys, for those who do not use the touch screen."""

from drivers.keypad.device import Keypad
from drivers.keypad.events import KeyHeld, KeypadEvent, KeyPressed, KeyRepeated, StatusChanged

__all__ = ["KeyHeld", "KeyPressed", "KeyRepeated", "Keypad", "KeypadEvent", "StatusChanged"]
