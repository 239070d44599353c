"""QR codes and barcodes a citizen holds before a camera.

`drivers.code_scanner.decode` loads OpenCV and the native decoders; a program that only watches need not
import it.
"""

from drivers.code_scanner.device import CodeScanner
from drivers.code_scanner.events import CodeEvent, CodeRead, StatusChanged

__all__ = ["CodeEvent", "CodeRead", "CodeScanner", "StatusChanged"]
