"""高拍仪: a camera that looks down on a paper."""

from drivers.document_camera.device import DocumentCamera, Frame
from drivers.errors import CameraDark, CameraFrozen, CameraGone

__all__ = ["CameraDark", "CameraFrozen", "CameraGone", "DocumentCamera", "Frame"]
