"""The face check: the photo of an ID card beside the live camera (1:1), in a process of its own.

No certified liveness: ours asks for a turned head or closed eyes, which one photograph held to the camera cannot do,
and somebody with a screen, a mask or a film of the holder can. Where more is at stake, fill `part.FacePart` with a
certified vendor part. This package loads no native engine; only its worker does.
"""

from kiosk.identity.face.check import FaceCheck
from kiosk.identity.face.events import FaceAsks, FaceDone, FaceEvent, FacePicture, FaceTrouble

__all__ = ["FaceAsks", "FaceCheck", "FaceDone", "FaceEvent", "FacePicture", "FaceTrouble"]
