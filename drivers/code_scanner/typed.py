"""Keys of a scanner that types, as a keyboard of the US layout -> codes. Pure, as framing is."""

from __future__ import annotations

from dataclasses import dataclass, field

from evdev import ecodes

from drivers.code_scanner.framing import LONGEST
from drivers.code_scanner.text import as_text
from drivers.input_device import DOWN, LOST, UP, KeyEvent


def _layout() -> dict[int, tuple[str, str]]:
    """Key -> what it types without and with shift."""
    letters = {getattr(ecodes, f"KEY_{chr(c)}"): (chr(c).lower(), chr(c)) for c in range(ord("A"), ord("Z") + 1)}
    digits = {
        getattr(ecodes, f"KEY_{digit}"): (digit, sign) for digit, sign in zip("1234567890", "!@#$%^&*()", strict=True)
    }
    signs = {
        "MINUS": "-_", "EQUAL": "=+", "LEFTBRACE": "[{", "RIGHTBRACE": "]}", "BACKSLASH": "\\|", "SEMICOLON": ";:",
        "APOSTROPHE": "'\"", "GRAVE": "`~", "COMMA": ",<", "DOT": ".>", "SLASH": "/?", "SPACE": "  ", "102ND": "\\|",
        "KPASTERISK": "**", "KPMINUS": "--", "KPPLUS": "++", "KPDOT": "..", "KPSLASH": "//", "KPEQUAL": "==",
    }  # fmt: skip
    named = {getattr(ecodes, f"KEY_{name}"): (both[0], both[1]) for name, both in signs.items()}
    return letters | digits | named


_LAYOUT = _layout()
_KEYPAD = {getattr(ecodes, f"KEY_KP{digit}"): str(digit) for digit in range(10)}
_SHIFTS = {ecodes.KEY_LEFTSHIFT, ecodes.KEY_RIGHTSHIFT}
_CONTROLS = {ecodes.KEY_LEFTCTRL, ecodes.KEY_RIGHTCTRL}
_ALTS = {ecodes.KEY_LEFTALT, ecodes.KEY_RIGHTALT}
_ENTER = {ecodes.KEY_ENTER: "\r", ecodes.KEY_KPENTER: "\r"}
_TAB = {ecodes.KEY_TAB: "\t"}
# framing.ENDS -> the keys that end a code; one that ends none types its character
_ENDS: dict[str, dict[int, str]] = {"auto": _ENTER | _TAB, "tab": _TAB, "pause": {}}
_BYTE = 0x100
# Alt and more digits than this is no letter.
_ALT_DIGITS = 7


def _is_gbk(number: int) -> bool:
    """Two bytes of GB 2312's area: what Chinese Windows takes Alt and such a number for."""
    return 0xA1 <= number >> 8 <= 0xF7 and 0xA1 <= number & 0xFF <= 0xFE


def _text(numbers: list[int]) -> str:
    """Letters as numbers: bytes of the code where all are, else GBK pairs where all wide ones are, else Unicode.

    A scanner sends one of the three all through a code. U+4E00 to U+9FFF are no GB 2312 pairs, so that Chinese is
    never taken for the other.
    """
    wide = [number for number in numbers if number >= _BYTE]
    if not wide:
        return as_text(bytes(numbers))
    if all(map(_is_gbk, wide)):
        pairs = b"".join(number.to_bytes(2 if number >= _BYTE else 1, "big") for number in numbers)
        return pairs.decode("gb18030", "replace")
    return "".join(chr(n) if n < 0x110000 and not 0xD800 <= n < 0xE000 else "\ufffd" for n in numbers)


@dataclass
class Typist:
    """Follows the keys. Shift, caps lock and control are the device's own: each device has its Typist."""

    longest: int = LONGEST
    end: str = "auto"
    _down: set[int] = field(default_factory=set)
    _caps: bool = False
    _alt_digits: str = ""
    _numbers: list[int] = field(default_factory=list)
    _damaged: bool = False

    def feed(self, event: KeyEvent) -> list[str]:
        """The code that this key ends, or none."""
        if event.code == LOST:
            self._down.clear()
            self._damaged, self._alt_digits = True, ""
        elif event.value == UP:
            self._down.discard(event.code)
            if event.code in _ALTS:
                self._end_alt()
        elif event.value == DOWN:
            self._down.add(event.code)
            return self._pressed(event.code)
        return []

    def pause(self) -> list[str]:
        """No key came for a while: that ends a code where no key is agreed to, and a broken one everywhere.

        A key that is still down is not believed any more.
        """
        self._down.clear()
        self._end_alt()
        code = self._end()
        return code if self.end in ("auto", "pause") else []

    @property
    def begun(self) -> bool:
        """Whether some of a code has come."""
        return bool(self._numbers or self._alt_digits or self._damaged or self._down)

    def _pressed(self, code: int) -> list[str]:
        alt = bool(self._down & _ALTS)
        if code in _ENDS.get(self.end, _ENTER) and not alt:
            return self._end()
        if code == ecodes.KEY_CAPSLOCK:
            self._caps = not self._caps
        elif alt:
            if code in _KEYPAD and len(self._alt_digits) < _ALT_DIGITS:
                self._alt_digits += _KEYPAD[code]
        elif code in _KEYPAD:
            self._put(ord(_KEYPAD[code]))
        elif code in _ENTER or code in _TAB:
            self._put(ord((_ENTER | _TAB)[code]))
        elif code in _LAYOUT:
            return self._typed(_LAYOUT[code])
        return []

    def _typed(self, both: tuple[str, str]) -> list[str]:
        shift = bool(self._down & _SHIFTS)
        letter = both[shift ^ (self._caps and both[0].isalpha())]
        if not self._down & _CONTROLS:
            self._put(ord(letter))
        elif "@" <= letter.upper() <= "_":  # control and ] is the separator of GS1 codes
            if letter.upper() in "JM" and self.end != "pause":
                return self._end()
            self._put(ord(letter.upper()) & 0x1F)
        return []

    def _end_alt(self) -> None:
        if self._alt_digits:
            self._put(int(self._alt_digits))
        self._alt_digits = ""

    def _put(self, number: int) -> None:
        if len(self._numbers) < self.longest:
            self._numbers.append(number)
        else:
            self._damaged = True

    def _end(self) -> list[str]:
        numbers, damaged = self._numbers, self._damaged
        self._numbers, self._damaged, self._alt_digits = [], False, ""
        return [_text(numbers)] if numbers and not damaged else []
