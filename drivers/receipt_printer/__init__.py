"""热敏凭条打印机: an ESC/POS printer on the network, 80 mm wide."""

from drivers.receipt_printer.device import ReceiptPrinter
from drivers.receipt_printer.document import Feed, Field, Heading, Line, Qr, Receipt, Rule, Text

__all__ = ["Feed", "Field", "Heading", "Line", "Qr", "Receipt", "ReceiptPrinter", "Rule", "Text"]
