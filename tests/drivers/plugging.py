"""A testbed of devices that can be plugged in and out while a program runs. Run by the system's own Python:

umockdev-wrapper /usr/bin/python3 tests/drivers/plugging.py PROGRAM WORDS…

The program runs inside the testbed. Commands on standard input, each answered by "ok" on standard error: plug NAME,
unplug NAME, change NAME, with the names of DEVICES. V4L2's REQBUFS on "streaming" fails with EBUSY, as on a camera
whose pictures somebody else takes. It ends with the program, or with its standard input.
"""

import errno
import os
import subprocess
import sys
import threading

import gi

gi.require_version("UMockdev", "1.0")
from gi.repository import GLib, UMockdev  # noqa: E402

USB = {"idVendor": "0400", "idProduct": "c35a", "serial": "S1"}
# name -> (subsystem, name of the device, node, attributes, properties)
DEVICES = {
    "hid": ("hidraw", "hidraw3", "hidraw3", {}, {}),
    "serial": ("tty", "ttyUSB0", "ttyUSB0", {}, {"ID_VENDOR_ID": "1a86", "ID_MODEL_ID": "7523"}),
    "camera": ("video4linux", "video2", "video2", {"index": "0"}, {"ID_VENDOR_ID": "0c45", "ID_MODEL_ID": "6366"}),
    "metadata": ("video4linux", "video1", "video1", {"index": "1"}, {"ID_VENDOR_ID": "0c45", "ID_MODEL_ID": "6366"}),
    "streaming": ("video4linux", "video9", "video9", {"index": "0"}, {"ID_VENDOR_ID": "0c45", "ID_MODEL_ID": "9999"}),
}
VIDIOC_REQBUFS = 0xC0145608

testbed = UMockdev.Testbed.new()
devices: dict = {}


def flat(table):
    return [word for pair in table.items() for word in pair]


class Streaming(UMockdev.IoctlBase):
    """What a camera says whose pictures another program takes."""

    def do_handle_ioctl(self, client):
        busy = client.get_request() == VIDIOC_REQBUFS
        client.complete(-1, errno.EBUSY if busy else errno.ENOTTY)
        return True


def plug(name):
    subsystem, device, node, attributes, properties = DEVICES[name]
    parent = None
    if name == "hid":
        usb = testbed.add_device("usb", "1-1", None, flat(USB), ["DEVTYPE", "usb_device"])
        parent = testbed.add_device("hid", "0003:0400:C35A.0001", usb, [], ["HID_ID", "0003:00000400:0000C35A"])
        devices[name + ".usb"] = usb
    if name == "streaming":  # one that can be opened, not only found
        facts = "".join(f"E: {key}={value}\n" for key, value in properties.items())
        testbed.add_from_string(
            f"P: /devices/{device}\nN: {node}\nE: DEVNAME=/dev/{node}\nE: SUBSYSTEM={subsystem}\n{facts}A: index=0\n"
        )
        devices["handler"] = handler = Streaming()
        testbed.attach_ioctl("/dev/" + node, handler)
        return
    path = testbed.add_device(
        subsystem, device, parent, flat(attributes), flat({"DEVNAME": "/dev/" + node, **properties})
    )
    devices[name] = path


def command(line):
    word, _, name = line.strip().partition(" ")
    if word == "plug":
        plug(name)
    elif word == "change":
        testbed.uevent(devices[name], "change")
    elif word == "unplug":
        testbed.uevent(devices[name], "remove")
        testbed.remove_device(devices.pop(name))
    print("ok", file=sys.stderr, flush=True)


def main():
    already = os.environ.get("PLUGGED", "").split()
    for name in already:
        plug(name)
    loop = GLib.MainLoop()  # ioctls are answered from here
    threading.Thread(target=loop.run, daemon=True).start()
    program = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)

    def listen():
        for line in sys.stdin:
            command(line)
        program.kill()

    threading.Thread(target=listen, daemon=True).start()
    code = program.wait()
    sys.stdout.flush()
    os._exit(code if code >= 0 else 1)


main()
