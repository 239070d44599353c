"""语音提示: prompts through any ALSA device, without a screen ever waiting for one.

A prompt is a WAV file or its bytes. Each is played by a process of its own (aplay of alsa-utils), which can be killed
at any moment and cannot take the terminal with it; the samples are made softer here, so that every device has a
volume and a change is heard at once. Set the card's own mixer to its full level once (alsactl store).

    [sound]
    device = "default"                # as aplay -D takes it: default, plughw:CARD=Device, …
    volume = 80                       # 0 to 100
    headphones = "plughw:CARD=Jack"   # optional: a second device to switch to
    alsa_config = "/etc/asound.conf"  # optional: a configuration instead of the system's
"""

from drivers.errors import PromptUnplayable
from drivers.sound.device import Sound
from drivers.sound.events import PromptEnded, PromptFailed, SoundEvent, StatusChanged

__all__ = ["PromptEnded", "PromptFailed", "PromptUnplayable", "Sound", "SoundEvent", "StatusChanged"]
