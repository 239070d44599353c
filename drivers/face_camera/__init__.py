"""The camera that looks at the citizen's face; kiosk.identity.face compares what it sees with a card's photo.

[face_camera]
url = "usb:0c45:6366?format=MJPG&width=640&height=480"     # see drivers/video/address.py
"""

from drivers.errors import CameraBusy, CameraDark, CameraFrozen, CameraGarbled, CameraGone
from drivers.face_camera.device import FaceCamera, Frame

__all__ = ["CameraBusy", "CameraDark", "CameraFrozen", "CameraGarbled", "CameraGone", "FaceCamera", "Frame"]
