"""热敏凭条打印机: an ESC/POS printer, 80 or 58 mm wide, on the network, a serial line, USB or a device file."""

from drivers.receipt_printer.device import ReceiptPrinter
from drivers.receipt_printer.document import Feed, Field, Heading, Line, Qr, Receipt, Rule, Text
from drivers.receipt_printer.events import StatusChanged
from drivers.receipt_printer.profile import models

__all__ = [
    "Feed", "Field", "Heading", "Line", "Qr", "Receipt", "ReceiptPrinter", "Rule", "StatusChanged", "Text", "models",
]  # fmt: skip
