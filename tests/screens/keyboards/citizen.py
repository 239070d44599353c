"""A citizen at the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from screens.keyboards.pinyin import PinyinInput

Step = Callable[[Callable[[], bool]], None]


class Citizen:
    """Taps keys of a keyboard in the window, and has a field that is written in."""

    def __init__(self, window: Any, engine: PinyinInput, step: Step, **values: Any) -> None:
        from screens.keyboards.keyboard import Keyboard

        self.window, self.step = window, step
        self.text = ""
        self.keyboard = Keyboard(engine=engine, width=window.width, size_hint=(None, None), **values)
        self.keyboard.bind(on_text=self._write, on_backspace=self._erase)
        window.add_widget(self.keyboard)
        self.settle()

    def _write(self, _: object, text: str) -> None:
        self.text += text

    def _erase(self, _: object) -> None:
        self.text = self.text[:-1]

    def control(self, control_id: str) -> Any:
        for widget in self.keyboard.walk():
            if getattr(widget, "control_id", "") == control_id:
                return widget
        raise LookupError(control_id)

    def controls(self, prefix: str) -> list[str]:
        ids = [getattr(widget, "control_id", "") for widget in self.keyboard.walk()]
        return [name for name in ids if name.startswith(prefix)]

    def down(self, control_id: str) -> Any:
        from kivy.base import EventLoop
        from kivy.tests.common import UnitTestTouch

        x, y = self.control(control_id).center
        touch = UnitTestTouch(x, y)
        touch.eventloop = EventLoop
        touch.touch_down()
        return touch

    def write(self, *strokes: tuple[tuple[float, float], ...]) -> None:
        """Strokes on the pad, in a square of 200, as screens.keyboards.gallery has them."""
        from kivy.base import EventLoop
        from kivy.tests.common import UnitTestTouch

        pad = self.control("key:pad")
        for stroke in strokes:
            points = [(pad.center_x + 2 * x - 200, pad.top - 20 - 2 * y) for x, y in stroke]
            touch = UnitTestTouch(*points[0])
            touch.eventloop = EventLoop
            touch.touch_down()
            for point in points[1:]:
                touch.touch_move(*point)
            touch.touch_up()

    def shown(self) -> list[str]:
        """The candidates on the bar."""
        return [self.control(name).text for name in self.controls("candidate:") if name[-1].isdigit()]

    def tap(self, *control_ids: str) -> None:
        for control_id in control_ids:
            self.down(control_id).touch_up()
            self.settle()

    def type(self, letters: str) -> None:
        self.tap(*(f"key:{letter}" for letter in letters))

    def settle(self) -> None:
        """Until the engine has answered everything."""
        self.step(lambda: not self.keyboard.awaits)


Make = Callable[..., Citizen]
