"""A4 printers through CUPS; what a printer says of itself is asked of the printer, over IPP."""

from drivers.page_printer.device import PagePrinter

__all__ = ["PagePrinter"]
