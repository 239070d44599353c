"""A row of a card: an icon, what it is, one line about it, and at the right a badge, an action or a source."""

from __future__ import annotations

from kivy.input import MotionEvent
from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from screens.widgets.touchable import Touchable


class ListRow(Touchable, BoxLayout):
    """Touchable as a whole when it has a `control_id`; else only to be read. `last` leaves out the dividing line."""

    icon = StringProperty("")
    #: tone of the icon
    icon_tone = StringProperty("plain")
    over = StringProperty("")
    title = StringProperty("")
    line = StringProperty("")
    badge = StringProperty("")
    tone = StringProperty("good")
    #: what touching does ("更改"), shown in the action colour
    action = StringProperty("")
    #: the action is a sentence: where both do not fit side by side it stands under the title
    asks = BooleanProperty(False)
    #: the sentence says what has been chosen: it has a tick, not an arrow
    settled = BooleanProperty(False)
    #: a quiet word in the action's place
    source = StringProperty("")
    #: a strong value in the action's place
    figure = StringProperty("")
    last = BooleanProperty(False)

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """A row without a control_id takes no touch."""
        return bool(self.control_id) and bool(super().on_touch_down(touch))
