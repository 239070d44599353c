"""A USB device with bulk endpoints: readers and printers that no kernel driver takes."""

from __future__ import annotations

import contextlib
import errno
import time

import usb.backend
import usb.backend.libusb1
import usb.core
import usb.util

from drivers.errors import ConfigError, DeviceGone, NoAnswer
from drivers.wire.address import Address

# Throwing away what came must end, also for a device that never falls silent.
_DRAIN_WITHIN = 0.3
_WHY = {errno.EBUSY: "in-use", errno.EACCES: "not-allowed", errno.EPERM: "not-allowed"}


class UsbBulk:
    """usb:vvvv:pppp?out=02&in=81&interface=0 — endpoints in hex. Where none are named: the first bulk endpoint each
    way of the first interface that has one to write to. A device without one to read from stays silent.
    """

    def __init__(self, address: Address, write_timeout: float) -> None:
        vendor, product = address.usb_ids
        wanted = tuple(address.number(option, -1, 16) for option in ("interface", "out", "in"))
        self._write_timeout = write_timeout
        self._device: usb.core.Device | None = None
        try:
            device = usb.core.find(idVendor=vendor, idProduct=product, backend=_fresh_backend())
            if device is None:
                raise DeviceGone("gone", "no such device")
            self._device = device
            self._claim(device, *wanted)
        except (usb.core.USBError, usb.core.NoBackendError) as error:
            self.close()
            raise _gone(error) from error
        except BaseException:
            self.close()
            raise

    def _claim(self, device: usb.core.Device, interface_number: int, out: int, in_: int) -> None:
        try:
            configuration = device.get_active_configuration()
        except usb.core.USBError as error:
            if error.errno in (errno.ENODEV, errno.EACCES):
                raise
            device.set_configuration()  # a device that nothing has configured yet
            configuration = device.get_active_configuration()
        for interface in configuration:
            if interface_number not in (-1, interface.bInterfaceNumber):
                continue
            bulk = [one for one in interface if usb.util.endpoint_type(one.bmAttributes) == usb.util.ENDPOINT_TYPE_BULK]
            outs = [one for one in bulk if not one.bEndpointAddress & 0x80 and out in (-1, one.bEndpointAddress)]
            ins = [one for one in bulk if one.bEndpointAddress & 0x80 and in_ in (-1, one.bEndpointAddress)]
            if outs and (ins or in_ == -1):
                number = interface.bInterfaceNumber
                with contextlib.suppress(usb.core.USBError, NotImplementedError):
                    if device.is_kernel_driver_active(number):
                        device.detach_kernel_driver(number)
                usb.util.claim_interface(device, number)
                self._out = outs[0].bEndpointAddress
                self._in = ins[0].bEndpointAddress if ins else 0
                self._packet = ins[0].wMaxPacketSize if ins else 0
                return
        raise ConfigError(detail="the device has no such bulk endpoint")

    def write(self, data: bytes) -> None:
        """See Wire."""
        device, left = self._open(), data
        try:
            while left:
                left = left[device.write(self._out, left, _milliseconds(self._write_timeout)) :]
        except usb.core.USBTimeoutError as error:
            raise NoAnswer() from error
        except usb.core.USBError as error:
            raise self._trouble(error, self._out) from error

    def read(self, timeout: float) -> bytes:
        """See Wire. One packet at a time: a longer transfer would wait for more where an answer fills its last one."""
        device = self._open()
        if not self._in:
            time.sleep(timeout)
            return b""
        try:
            return bytes(device.read(self._in, self._packet, _milliseconds(timeout)))
        except usb.core.USBTimeoutError:
            return b""
        except usb.core.USBError as error:
            raise self._trouble(error, self._in) from error

    def drain(self) -> None:
        """See Wire."""
        end = time.monotonic() + _DRAIN_WITHIN
        while self._in and self.read(0) and time.monotonic() < end:
            pass

    def close(self) -> None:
        """See Wire."""
        device, self._device = self._device, None
        if device is not None:
            with contextlib.suppress(usb.core.USBError):
                usb.util.dispose_resources(device)

    def _open(self) -> usb.core.Device:
        if self._device is None:
            raise DeviceGone(detail="closed")
        return self._device

    def _trouble(self, error: usb.core.USBError, endpoint: int) -> DeviceGone:
        if error.errno == errno.EPIPE and self._device is not None:  # a halted endpoint stays halted until it is told
            with contextlib.suppress(usb.core.USBError):
                self._device.clear_halt(endpoint)
        return _gone(error)


def _fresh_backend() -> usb.backend.IBackend:
    """libusb as if the program began now: it lists what is plugged in at its start, and hears of what comes later only
    where udev's events reach it. Devices that are open keep theirs.
    """
    usb.backend.libusb1._lib_object = None
    return usb.backend.libusb1.get_backend()


def _gone(error: Exception) -> DeviceGone:
    return DeviceGone(_WHY.get(getattr(error, "errno", None) or 0, "gone"), type(error).__name__)


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))  # 0 means for ever
