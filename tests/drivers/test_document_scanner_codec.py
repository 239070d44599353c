"""What a scanner says of itself: eSCL's ScannerStatus, and the options of SANE's backends in their own words."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.document_scanner import escl, options
from drivers.document_scanner.address import parse_scanner
from drivers.errors import BadAnswer, Refused
from drivers.status import DeviceState, MediaState


def status(state: str, adf: str = "") -> bytes:
    fed = f"<s:AdfState>{adf}</s:AdfState>" if adf else ""
    jobs = "<s:Jobs><s:JobInfo><p:State>Down</p:State></s:JobInfo></s:Jobs>"
    return (
        f'<s:ScannerStatus xmlns:s="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:p="http://pwg">{jobs}'
        f"<p:State> {state}\n</p:State>{fed}</s:ScannerStatus>"
    ).encode()


@pytest.mark.parametrize(
    ("state", "adf", "device", "detail", "media"),
    [
        ("Idle", "", DeviceState.ONLINE, "", None),
        ("Idle", "ScannerAdfLoaded", DeviceState.ONLINE, "", MediaState.PRESENT),
        ("Idle", "ScannerAdfEmpty", DeviceState.ONLINE, "", MediaState.NOT_PRESENT),
        ("Processing", "ScannerAdfProcessing", DeviceState.DEVICE_BUSY, "busy", MediaState.ENTERING),
        ("Stopped", "ScannerAdfJam", DeviceState.HARDWARE_ERROR, "jam", MediaState.JAMMED),
        ("Stopped", "ScannerAdfMultipickDetected", DeviceState.HARDWARE_ERROR, "jam", MediaState.JAMMED),
        ("Idle", "ScannerAdfHatchOpen", DeviceState.USER_ERROR, "cover-open", None),
        ("Stopped", "", DeviceState.HARDWARE_ERROR, "stopped", None),
        ("Down", "", DeviceState.OFFLINE, "down", None),
        ("Dreaming", "", DeviceState.OFFLINE, "unknown-state", None),
        ("Idle", "ScannerAdfVendorThing", DeviceState.ONLINE, "", MediaState.UNKNOWN),
    ],
)
def test_scanner_status(state: str, adf: str, device: DeviceState, detail: str, media: MediaState | None) -> None:
    found = escl.status_of(escl.decode(status(state, adf)))
    assert (found.device, found.detail, found.media) == (device, detail, media)
    assert found.usable is (device is DeviceState.ONLINE and media is not MediaState.UNKNOWN)


@given(st.binary(max_size=60), st.integers(0, 300))
def test_other_answers_are_refused(data: bytes, cut: int) -> None:
    whole = status("Idle", "ScannerAdfLoaded")
    for answer in (data, whole[: min(cut, len(whole) - 1)]):
        with pytest.raises(BadAnswer):
            escl.decode(answer)


def test_entities_are_not_followed() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><ScannerStatus><State>&a;</State></ScannerStatus>'
    with pytest.raises(BadAnswer):
        escl.decode(bomb)


def told(**given: Any) -> dict[str, options.Option]:
    rows = []
    for name, value in given.items():
        kind = "range" if isinstance(value, tuple) else "words"
        rows.append({"name": name.replace("_", "-"), "settable": True, kind: list(value)})
    return options.parse(rows)


# the words of real backends: airscan, test, epsonds, fujitsu, brother4, plustek
@pytest.mark.parametrize(
    ("words", "flatbed", "feeder", "duplex"),
    [
        (["Flatbed", "ADF", "ADF Duplex"], "Flatbed", "ADF", "ADF Duplex"),
        (["Flatbed", "Automatic Document Feeder"], "Flatbed", "Automatic Document Feeder", None),
        (["ADF Front", "ADF Back", "ADF Duplex"], None, "ADF Front", "ADF Duplex"),
        (["FlatBed", "Automatic Document Feeder(left aligned,Duplex)"], "FlatBed", None, None),
        (["Document Table", "ADF"], "Document Table", "ADF", None),
        (["Normal", "Transparency", "Negative"], "Normal", None, None),
    ],
)
def test_sources(words: list[str], flatbed: str | None, feeder: str | None, duplex: str | None) -> None:
    found = options.sources(told(source=words))
    assert found.get("flatbed", {}).get("source") == flatbed
    assert found.get("feeder", {}).get("source") == feeder
    if duplex:
        assert found["feeder-duplex"] == {"source": duplex}


def test_two_sides_may_be_an_option_of_their_own() -> None:
    found = options.sources(told(source=["Flatbed", "ADF"], adf_mode=["Simplex", "Duplex"]))
    assert found["feeder-duplex"] == {"source": "ADF", "adf-mode": "Duplex"}
    assert options.sources({}) == {"flatbed": {}}


def test_modes_resolutions_and_the_area() -> None:
    can = told(
        mode=["Lineart", "Halftone", "Gray", "Color"], resolution=(50.0, 1200.0, 1.0), depth=[1, 8, 16],
        tl_x=(0.0, 216.0, 0.1), tl_y=(0.0, 356.0, 0.1), br_x=(0.0, 216.0, 0.1), br_y=(0.0, 250.0, 0.1),
    )  # fmt: skip
    assert options.page_settings(can, "color", 300) == {
        "mode": "Color", "depth": 8, "resolution": 300, "tl-x": 0.0, "tl-y": 0.0, "br-x": 210.0, "br-y": 250.0,
    }  # fmt: skip
    assert options.modes(told(mode=["24bit Color[Fast]", "24bit Color", "True Gray", "Black & White"])) == {
        "color": "24bit Color",
        "gray": "True Gray",
        "lineart": "Black & White",
    }
    grey_only = told(mode=["Gray"], resolution=[75, 300])
    assert options.capabilities(grey_only).modes == ("gray", "lineart")
    assert options.page_settings(grey_only, "lineart", 75)["mode"] == "Gray"
    for mode, dpi in (("color", 75), ("gray", 100)):
        with pytest.raises(Refused):
            options.page_settings(grey_only, mode, dpi)


def test_sensors() -> None:
    rows = [{"name": "page-loaded", "value": 1}, {"name": "cover-open", "value": 0}]
    found = options.parse(rows)
    assert (options.loaded(found), options.cover_open(found)) == (True, False)
    assert (options.loaded({}), options.cover_open({})) == (None, None)


_anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(_anything)
def test_any_answer_of_a_worker_is_read_or_refused(said: Any) -> None:
    with contextlib.suppress(BadAnswer):
        options.capabilities(options.parse(said))


@pytest.mark.parametrize(
    ("address", "name", "line"),
    [
        ("escl:http://192.0.2.9/eSCL", "airscan:e0:scanner", '"scanner" = http://192.0.2.9:80/eSCL, escl'),
        ("http://192.0.2.9:8080", "airscan:e0:scanner", '"scanner" = http://192.0.2.9:8080/eSCL, escl'),
        ("escl:https://[2001:db8::9]/eSCL/", "airscan:e0:scanner", '"scanner" = https://[2001:db8::9]:443/eSCL, escl'),
        ("wsd:http://192.0.2.9/WSD", "airscan:w0:scanner", '"scanner" = http://192.0.2.9:80/WSD, wsd'),
    ],
)
def test_addresses(address: str, name: str, line: str) -> None:
    found = parse_scanner(address)
    assert found.name == name and line in found.files["airscan.conf"]
    assert "discovery = disable" in found.files["airscan.conf"] and found.files["dll.conf"] == "airscan\n"
    assert parse_scanner("fujitsu:ScanSnap iX500:1234").files == {}
