"""Where the on-screen keyboard rises, between the page and the action bar; it serves one field at a time."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.metrics import dp
from kivy.properties import ObjectProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.scrollview import ScrollView
from kivy.uix.widget import Widget

from screens.theme import theme
from screens.widgets.text import Text
from screens.widgets.text_field import TextField


def make_keyboard() -> Any:
    """The keyboard; imported when first needed, for its engines take time to load."""
    from screens.keyboards.keyboard import Keyboard

    return Keyboard()


class KeyboardTray(BoxLayout):
    """`field` is the field being written in, or None while the keyboard is down."""

    field = ObjectProperty(None, allownone=True)

    def __init__(self, **values: object) -> None:
        super().__init__(size_hint_y=None, height=0, orientation="vertical", **values)
        self._keyboard: Any = None
        self._watched: tuple[Widget, ...] = ()
        self._settle = Clock.create_trigger(self._show_field, 0.05)

    def open(self, field: TextField) -> None:
        """Let `field` be written in: the keyboard rises and the field scrolls into sight."""
        if self.field is field:
            self._settle()
            return
        self._let_go()
        self._watch(field)
        if self._keyboard is None:
            self._keyboard = make_keyboard()
            self._keyboard.bind(
                on_text=self._text, on_backspace=self._backspace, composing=self._composing, height=self._fit
            )
        self.field = field
        field.focused = True
        field.cursor = len(field.text)
        self._keyboard.layout = field.keyboard
        self._keyboard.language = theme.language
        self._keyboard.care = theme.care
        if self._keyboard.parent is None:
            self.add_widget(self._keyboard)
        self._fit()

    def close(self) -> None:
        """The keyboard goes down and forgets what was being composed."""
        self._let_go()
        self.clear_widgets()
        self._fit()

    def reset(self) -> None:
        """What was being composed is dropped."""
        if self._keyboard is not None:
            self._keyboard.reset()

    def _let_go(self) -> None:
        for each in self._watched:
            each.unbind(height=self._settle)
        self._watched = ()
        field, self.field = self.field, None
        if field is not None:
            field.focused = False
            field.composing = ""
        self.reset()

    def _fit(self, *_: object) -> None:
        self.height = self._keyboard.height if self.children else 0
        self._settle()

    def _text(self, _: object, text: str) -> None:
        if self.field is not None:
            self.field.insert(text)

    def _backspace(self, _: object) -> None:
        if self.field is not None:
            self.field.backspace()

    def _composing(self, _: object, letters: str) -> None:
        if self.field is not None:
            self.field.composing = letters

    def _watch(self, field: TextField) -> None:
        """While the field is in use, whatever changes the page's lengths may move it out of sight."""
        page = field.parent
        while page is not None and page.parent is not page and not isinstance(page, ScrollView):
            page = page.parent
        if isinstance(page, ScrollView):
            self._watched = (page, page.children[0])
            for each in self._watched:
                each.bind(height=self._settle)

    def _show_field(self, *_: object) -> None:
        if self.field is None or not self._watched:
            return
        page, content = self._watched
        beyond = content.height - page.height
        if beyond > 0 and self.field.leads:
            above = content.top - self.field.to_window(*self.field.pos)[1] + content.to_window(0, 0)[1]
            above -= self.field.height + dp(24)
            page.scroll_y = min(1.0, max(0.0, 1 - above / beyond))
        elif beyond > 0:
            page.scroll_to(self.field, padding=dp(48), animate=False)
        if beyond > 0:
            self._cut_no_line(page, content, beyond)

    @staticmethod
    def _cut_no_line(page: ScrollView, content: Widget, beyond: float) -> None:
        """A heading too long for what the keyboard leaves is hidden by whole lines."""
        edge = (1 - page.scroll_y) * beyond
        for title in (each for each in content.children if isinstance(each, Text) and each.control_id == "title"):
            hidden = edge - (content.top - title.top)
            line = title.height / (title.text.count("\n") + 1)
            wanted = edge + -hidden % line
            if 0 < hidden < title.height and wanted <= beyond:
                page.scroll_y = 1 - wanted / beyond
