"""What a picture is here: pixels of 8 bits as OpenCV keeps them, BGR or grey."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

#: height x width x 3 (BGR), or height x width (grey).
Image = NDArray[Any]
#: Four points x, y in pixels, clockwise from the page's top left.
Corners = NDArray[np.float32]
