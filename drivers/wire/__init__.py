"""Ways to the bytes of a device: a serial line, USB, HID reports, TCP, a device file.

serial:/dev/ttyUSB0?baudrate=115200    (a bare path is a serial line too)
tcp://192.0.2.7:9100
usb:0400:c35a?out=02&in=81             vendor and product in hex; the first bulk endpoints where none are named
hid:0400:c35a                          or hid:/dev/hidraw0
file:/dev/usb/lp0
"""

from drivers.wire.address import Address, parse_address
from drivers.wire.wire import Wire, open_wire

__all__ = ["Address", "Wire", "open_wire", "parse_address"]
