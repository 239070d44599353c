"""引导灯: the lights that show where the card goes in and where the paper comes out. Any Modbus RTU relay board.

There is no public wire for guide lights, but there is one for switching eight lamps: Modbus RTU over serial, which
the relay boards of every shop speak (Modbus Application Protocol V1.1b3; Modbus over Serial Line V1.02). A lamp is a
coil. The driver uses function 05 (write single coil) and 01 (read coils) and nothing else, touches only the coils
that devices.toml names, and does the flashing itself. Boards come with 9600 baud, 8N1, unit 1.

    [lamps]
    port = "/dev/lamps"                                    # or serial:/dev/ttyS1?baudrate=19200, or tcp://host:port
    unit = 1
    lights = { cardReader = 0, receiptPrinter = 1, "camera.green" = 2, "camera.red" = 3 }

Lights, colours and flash rates have the names of XFS4IoT (Lights.SetLight). A lamp of several colours has a coil a
colour, named light.colour.
"""

from drivers.lamps.device import Lamps
from drivers.lamps.lights import Colour, Flash

__all__ = ["Colour", "Flash", "Lamps"]
