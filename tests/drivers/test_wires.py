"""Addresses, and the ways to a device's bytes over real sockets, ptys, pipes and files."""

from __future__ import annotations

import os
import pty
import socket
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import ConfigError, DeviceGone, DriverError, NoAnswer
from drivers.wire import open_wire, parse_address

WRITE_TIMEOUT = 0.3
OPTIONS = st.dictionaries(st.text(min_size=1, max_size=5), st.text(max_size=5), max_size=3)


@pytest.mark.parametrize(
    ("text", "scheme", "place", "shown"),
    [
        ("/dev/ttyUSB0", "serial", "/dev/ttyUSB0", "serial:/dev/ttyUSB0"),
        ("serial:/dev/ttyS0?baudrate=9600", "serial", "/dev/ttyS0", "serial:/dev/ttyS0?baudrate=9600"),
        ("tcp://192.0.2.7", "tcp", "192.0.2.7:9100", "tcp://192.0.2.7:9100"),
        ("tcp://[::1]:7", "tcp", "[::1]:7", "tcp://[::1]:7"),
        ("tcp://printer.hall/", "tcp", "printer.hall:9100", "tcp://printer.hall:9100"),
        ("usb:0400:C35A?out=02", "usb", "0400:c35a", "usb:0400:c35a?out=02"),
        ("hid:/dev/hidraw0", "hid", "/dev/hidraw0", "hid:/dev/hidraw0"),
        ("file:/dev/usb/lp0", "file", "/dev/usb/lp0", "file:/dev/usb/lp0"),
    ],
)
def test_addresses(text: str, scheme: str, place: str, shown: str) -> None:
    address = parse_address(text)
    assert (address.scheme, address.place, str(address)) == (scheme, place, shown)


@pytest.mark.parametrize(
    "text", ["", "nonsense", "usb:1", "serial:tty", "file:x", "tcp://", "tcp://h:0", "tcp://h:99999", "hid:1"]
)  # fmt: skip
def test_wrong_addresses_say_what_is_understood(text: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse_address(text)
    assert error.value.detail


@given(st.sampled_from(["serial:/dev/x", "tcp://h:1", "usb:0400:c35a", "file:/dev/x"]), OPTIONS)
def test_an_address_reads_back_as_itself(base: str, options: dict[str, str]) -> None:
    address = parse_address(base)
    whole = type(address)(address.scheme, address.place, options)
    again = parse_address(str(whole))
    assert (again.scheme, again.place, dict(again.options)) == (whole.scheme, whole.place, options)


@given(st.text(max_size=30) | st.from_regex(r"(tcp://|usb:|serial:/|file:/|hid:)\S{0,12}", fullmatch=True))
def test_no_text_breaks_the_parser(text: str) -> None:
    try:
        address = parse_address(text)
    except ConfigError:
        return
    assert address.scheme in ("serial", "tcp", "usb", "hid", "file")
    if address.scheme == "tcp":
        assert 0 < address.host_port[1] < 65536


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("serial:/dev/nothing-here", DeviceGone),
        ("file:/dev/nothing-here", DeviceGone),
        ("tcp://127.0.0.1:9", DeviceGone),
        ("tcp://" + "a" * 70 + ":1", DeviceGone),  # no name of a host is so long
        ("serial:/dev/null?baudrate=fast", ConfigError),
        ("serial:/dev/null?baudrate=0", ConfigError),
        ("serial:/dev/null?flow=magic", ConfigError),
    ],
)
def test_what_cannot_be_opened(address: str, error: type[DriverError]) -> None:
    with pytest.raises(error):
        open_wire(address, WRITE_TIMEOUT)


class Peer:
    """The other end of a TCP connection."""

    def __init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self.server.getsockname()[1]}"
        self.wire = open_wire(self.address, WRITE_TIMEOUT)
        self.end, _ = self.server.accept()


def test_tcp() -> None:
    peer = Peer()
    peer.wire.write(b"question")
    assert peer.end.recv(100) == b"question"
    assert peer.wire.read(0.01) == b""
    peer.end.sendall(b"old")
    assert _soon(lambda: peer.wire.read(0.1)) == b"old"
    peer.end.sendall(b"stale")
    time.sleep(0.05)
    peer.wire.drain()
    peer.end.sendall(b"new")
    assert _soon(lambda: peer.wire.read(0.1)) == b"new"
    with pytest.raises(NoAnswer):  # takes nothing
        peer.wire.write(bytes(50_000_000))
    peer.end.close()
    with pytest.raises(DeviceGone):
        _soon(lambda: peer.wire.read(0.1))
    peer.wire.close()
    peer.wire.close()


def test_a_slow_reader_is_not_a_stuck_one() -> None:
    """It goes on taking bytes, for longer in all than the write timeout."""
    peer = Peer()
    took = bytearray()

    def slowly() -> None:
        while piece := peer.end.recv(1_000_000):
            took.extend(piece)
            time.sleep(0.02)

    reader = threading.Thread(target=slowly)
    reader.start()
    began = time.monotonic()
    peer.wire.write(bytes(30_000_000))
    assert time.monotonic() - began > WRITE_TIMEOUT
    peer.wire.close()
    reader.join(20)
    assert len(took) == 30_000_000


@pytest.mark.parametrize("scheme", ["serial", "file"])
def test_a_pty(scheme: str) -> None:
    master, slave = pty.openpty()
    wire = open_wire(f"{scheme}:{os.ttyname(slave)}", WRITE_TIMEOUT)
    wire.write(b"a\n\x1b\x11\x13\x04\x03")  # nothing is changed, eaten or echoed
    assert os.read(master, 100) == b"a\n\x1b\x11\x13\x04\x03"
    assert wire.read(0.05) == b""
    os.write(master, b"\r\n\x00\xff")
    assert _soon(lambda: wire.read(0.1)) == b"\r\n\x00\xff"
    os.write(master, b"stale")
    time.sleep(0.05)
    wire.drain()
    assert wire.read(0.01) == b""
    with pytest.raises(NoAnswer):
        wire.write(bytes(1_000_000))
    os.close(slave)
    os.close(master)
    with pytest.raises(DeviceGone):
        for _ in range(3):
            wire.write(b"x")
            wire.read(0.1)
    wire.close()


def test_a_serial_line_is_ours_alone() -> None:
    master, slave = pty.openpty()
    first = open_wire(os.ttyname(slave))
    with pytest.raises(DeviceGone, match="in-use"):
        open_wire(os.ttyname(slave))
    first.close()
    open_wire(os.ttyname(slave)).close()
    os.close(master)


def test_a_pipe_only_takes(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "lp0")
    with pytest.raises(DeviceGone):  # nobody reads: nothing is there
        open_wire(f"file:{tmp_path}/lp0")
    end = os.open(tmp_path / "lp0", os.O_RDONLY | os.O_NONBLOCK)
    wire = open_wire(f"file:{tmp_path}/lp0", WRITE_TIMEOUT)
    wire.write(b"receipt")
    assert wire.read(0.05) == b"", "it gave back what was written"
    assert os.read(end, 100) == b"receipt"
    with pytest.raises(NoAnswer):
        wire.write(bytes(1_000_000))
    os.close(end)
    with pytest.raises(DeviceGone):
        wire.write(b"x")
    wire.close()


def test_a_plain_file_is_written_behind_what_it_has(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"first ")
    wire = open_wire(f"file:{tmp_path}/out")
    wire.write(b"second")
    assert wire.read(0.01) == b""
    wire.drain()
    wire.close()
    assert (tmp_path / "out").read_bytes() == b"first second"


def _soon(read) -> bytes:
    """What comes within 20 s."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if data := read():
            return data
    raise AssertionError("nothing came")
