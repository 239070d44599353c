"""Document scanners, flatbed (平板) and feeder (进纸器), through SANE: USB devices, and network scanners by eSCL."""

from drivers.document_scanner.device import DocumentScanner
from drivers.document_scanner.events import Page, ScanEvent, ScanProgress
from drivers.document_scanner.options import ScannerCapabilities

__all__ = ["DocumentScanner", "Page", "ScanEvent", "ScanProgress", "ScannerCapabilities"]
