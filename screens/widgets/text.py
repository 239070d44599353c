"""A piece of text: any character, broken into lines as Chinese is, as high as it needs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from kivy.graphics import Color, Rectangle
from kivy.metrics import dp
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.label import Label

from screens.fonts import mark_rare
from screens.theme import theme
from screens.widgets.wrapping import balance, wrap

_MARK = "marked"


class Text(Label):
    """`words` in the theme's type. `wraps` True: as wide as it is told; False: one line, as wide as it needs."""

    words = StringProperty("")
    wraps = BooleanProperty(True)
    balanced = BooleanProperty(False)
    #: type size where it is not the theme's body
    points = NumericProperty(0)
    #: set where software must find this text ("title", "number"); see screens/accessibility.py
    control_id = StringProperty("")
    role = StringProperty("text")
    #: from where to where in `words` something is marked, as what is being read aloud
    marked = ObjectProperty((0, 0))

    def __init__(self, **values: object) -> None:
        #: whether anything was ever marked: most texts never are
        self._marks = False
        super().__init__(**values)
        self.markup = True
        for name in ("words", "width", "font_size", "bold", "wraps", "balanced"):
            self.fbind(name, self._lay)
        self._lay()

    def _lay(self, *_: object) -> None:
        if not self.wraps:
            self.text_size = (None, None)
            self.text = mark_rare(self.words)
            return
        self.text_size = (self.width, None)
        lines = (balance if self.balanced else wrap)(self.words, self.width, self.font_size, self.bold)
        self.text = "\n".join(self._with_mark(lines) if self._marks else map(mark_rare, lines))

    def _with_mark(self, lines: list[str]) -> Iterator[str]:
        """The lines, with a name around what is marked of each: Kivy then says where it stands."""
        at, (start, end) = 0, self.marked
        for line in lines:
            at = self.words.index(line, at)
            here = [min(max(place - at, 0), len(line)) for place in (start, end)]
            before, heard, after = (mark_rare(line[a:b]) for a, b in pairwise((0, *here, len(line))))
            yield f"{before}[ref={_MARK}]{heard}[/ref]{after}" if heard else before + after
            at += len(line)

    def on_marked(self, *_: object) -> None:
        """Something else is marked, or nothing any more."""
        if not self._marks:
            self._marks = True
            for name in ("texture", "pos", "size"):
                self.fbind(name, self._paint)
        self._lay()
        self._paint()

    def _paint(self, *_: object) -> None:
        """A wash behind what is marked and a line under it."""
        self.canvas.before.remove_group(_MARK)
        if self.marked[0] == self.marked[1]:
            return
        left, top = self.center_x - self.texture_size[0] / 2, self.center_y + self.texture_size[1] / 2
        with self.canvas.before:
            for x, y, right, bottom in self.refs.get(_MARK, ()):
                Color(*theme.seawash, group=_MARK)
                Rectangle(pos=(left + x, top - bottom), size=(right - x, bottom - y), group=_MARK)
                Color(*theme.sea, group=_MARK)
                Rectangle(pos=(left + x, top - bottom), size=(right - x, dp(4)), group=_MARK)

    @property
    def control_name(self) -> str:
        """What a screen reader says."""
        return str(self.words)
