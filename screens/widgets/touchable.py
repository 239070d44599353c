"""What can be touched: a behaviour with an identity, so that a screen reader or a test finds it."""

from __future__ import annotations

from kivy.factory import Factory
from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior


class Touchable(ButtonBehavior):
    """A button of any look. `control_id` is stable ("forward", "theme:work"); `control_name` is what it says."""

    control_id = StringProperty("")
    control_name = StringProperty("")
    role = StringProperty("button")
    #: what the intent needs of it: a code, a value
    key = StringProperty("")
    #: the path of the form's field this belongs to, or ""
    control_field = StringProperty("")
    #: touched now it does nothing: the page has only just come, and the finger meant the one before
    resting = BooleanProperty(False)


Factory.register("Touchable", cls=Touchable)
