"""高拍仪: a camera that looks down on a paper.

[document_camera]
url = "usb:0c45:6366?format=MJPG&width=3264&height=2448"     # see drivers/video/address.py
"""

from drivers.document_camera.device import DocumentCamera, Frame
from drivers.errors import CameraBusy, CameraDark, CameraFrozen, CameraGarbled, CameraGone

__all__ = [
    "CameraBusy",
    "CameraDark",
    "CameraFrozen",
    "CameraGarbled",
    "CameraGone",
    "DocumentCamera",
    "Frame",
]
