"""The design system: one widget a file, its look in the .kv beside it. Importing this loads every .kv once."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder
from kivy.lang.parser import global_idmap

from kiosk.words import say
from screens import fonts
from screens.theme import theme
from screens.widgets import (  # noqa: F401  (their classes must exist before their rules)
    acting_strip,
    badge,
    banner,
    beside,
    bottom_bar,
    button,
    card,
    certificate_preview,
    choice,
    confirmation,
    date_field,
    entry_row,
    error_summary,
    guidance,
    icons,
    list_row,
    medium,
    message,
    more_strip,
    notice,
    page_tile,
    pairs,
    panel,
    qr_code,
    range_bar,
    read_button,
    receipt_card,
    signature,
    stack,
    step_line,
    text,
    text_field,
    top_bar,
    waiting_bar,
    wheel,
)
from screens.widgets.wrapping import fit, measure

fonts.register()
#: what every rule may use without importing it
global_idmap.update(say=say, theme=theme, measure=measure, fit=fit)
for _rules in ("text.kv", *sorted(p.name for p in Path(__file__).parent.glob("*.kv") if p.name != "text.kv")):
    Builder.load_file(str(Path(__file__).parent / _rules))
