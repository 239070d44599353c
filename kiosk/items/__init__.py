"""Items as a citizen meets them: rows, guides, and which materials a situation asks for."""

from kiosk.items.guide import guide_view
from kiosk.items.materials import materials_for, to_scan
from kiosk.items.rows import item_row, popular_rows

__all__ = ["guide_view", "item_row", "materials_for", "popular_rows", "to_scan"]
