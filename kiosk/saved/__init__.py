"""An application saved to be finished later (存单): what of a visit is in it, and a visit that takes it up again."""

from kiosk.saved.pack import pack
from kiosk.saved.slip import slip
from kiosk.saved.take_up import TakenUp, take_up

__all__ = ["TakenUp", "pack", "slip", "take_up"]
