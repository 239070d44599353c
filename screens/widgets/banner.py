"""The strip under the top bar while the network is down: what still works and what does not."""

from __future__ import annotations

from kivy.properties import BooleanProperty

from screens.widgets.stack import Stack


class Banner(Stack):
    """Shown when `offline`, of no height otherwise."""

    offline = BooleanProperty(False)
