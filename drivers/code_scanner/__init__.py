"""QR codes and barcodes a citizen holds before a camera or a scanner.

`drivers.code_scanner.decode` loads OpenCV and the native decoder; only the worker processes (watch, worker) import it.
"""

from drivers.code_scanner.device import CodeScanner
from drivers.code_scanner.events import CodeEvent, CodeRead, StatusChanged

__all__ = ["CodeEvent", "CodeRead", "CodeScanner", "StatusChanged"]
