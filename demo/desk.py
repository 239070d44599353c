"""What lies around the terminal in the window: everybody's cards, phones and faces, papers, and what can break.

The panel (drivers.simulators.panel) is told of it as sections of buttons. Where a button needs more than one command
of one simulator — a fresh code, a phone that scans what is on the screen, the network's cable — it asks `Desk`.
"""

from __future__ import annotations

import json
import shlex
import socketserver
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import segno

from demo.phone import Phone, code_in
from demo.programs import Failed
from demo.screen import Screen
from demo.town import CITY, FACES, Town

RECEIPT_FAULTS = {
    "正常\nfine": "none", "缺纸\nno paper": "paper-out", "半路缺纸\nout midway": "paper-out-midway",
    "卡纸\njam": "jam",
}  # fmt: skip
PAGE_FAULTS = {"正常\nfine": "none", "缺纸\nno paper": "paper-out", "缺墨\nno toner": "toner-empty", "卡纸\njam": "jam"}
#: seconds a code stays good: somebody with a mouse is slower than somebody with a phone
CODE_SECONDS = 600.0


class Desk:
    """Answers the panel's commands, one a line, as the simulators' control channels do."""

    def __init__(self, town: Town, screen: Screen) -> None:
        self._town, self._screen = town, screen
        self._picture = town.out / "shown.png"
        self._handlers: dict[str, Callable[..., dict[str, Any]]] = {
            "citizen_code": lambda who: self._show(town.citizen_code(self._number(who), CODE_SECONDS)),
            "offline_code": lambda who: self._show(town.offline_code(self._number(who))),
            "helper_code": lambda _: self._show(town.helper_code("BB-001")),
            "licence": self._licence,
            "agree": lambda who: self._scan(who, "approve"),
            "deny": lambda who: self._scan(who, "deny"),
            "messages": self._messages,
            "id_card": lambda who: self._tell("id_card", f"place {town.id_card(self._place(who))}"),
            "expired_id_card": self._expired,
            "social_security_card": self._insert,
            "locked_card": lambda who: self._insert(who, locked=True),
            "bank_card": lambda who: self._insert(who, kind="bank", pan="6228480000000000018", expires="3012"),
            "face": lambda action, who: self._tell("face_camera", f"face {FACES[self._place(who)]} {action}"),
            "network": self._network,
            "device": lambda device, *words: self._tell(device, shlex.join(words)),
        }
        desk = self

        class Connection(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                for line in self.rfile:
                    answer = desk.answer(line.decode("utf-8", "replace"))
                    self.wfile.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True

        server = Server(("127.0.0.1", 0), Connection)
        self.address = f"127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, name="desk", daemon=True).start()

    def answer(self, line: str) -> dict[str, Any]:
        """Carry one command out."""
        try:
            name, *words = shlex.split(line)
            return {"ok": True, **self._handlers[name](*words)}
        except (Failed, OSError, ValueError, KeyError, TypeError) as error:
            return {"ok": False, "error": str(error)[:120] or type(error).__name__}

    def _place(self, who: str) -> int:
        return [person["name"] for person in self._town.people].index(who)

    def _number(self, who: str) -> str:
        return self._town.people[self._place(who)]["number"]

    def _tell(self, device: str, command: str) -> dict[str, Any]:
        assert self._town.devices is not None
        return self._town.devices.all[device].tell(command)

    # the scanner

    def _show(self, text: str) -> dict[str, Any]:
        segno.make(text, error="m").save(str(self._picture), scale=8, border=6)
        return self._tell("code_camera", f"show {self._picture}")

    def _licence(self, who: str) -> dict[str, Any]:
        """The licence of a company this person may act for; of any, where there is none."""
        companies = json.loads((CITY / "companies.json").read_text("utf-8"))
        number = self._number(who)
        own = [one for one in companies if number in [actor["number"] for actor in one["actors"]]]
        return self._show(f"http://www.gsxt.gov.cn/index.html?uniscid={(own or companies)[0]['uscc']}")

    # cards

    def _expired(self, who: str) -> dict[str, Any]:
        card = self._town.id_card(self._place(who), valid_from="20050101", valid_to="20150101")
        return self._tell("id_card", f"place {card}")

    def _insert(self, who: str, **changed: Any) -> dict[str, Any]:
        return self._tell("smart_card", f"insert {self._town.social_security_card(self._place(who), **changed)}")

    # the phone

    def _scan(self, who: str, answer: str) -> dict[str, Any]:
        """The phone's camera sees what the terminal shows; its owner answers."""
        seen = self._town.out / "seen.png"
        self._screen.screenshot(seen)
        code = code_in(seen)
        if not code:
            raise Failed("屏幕上没有码  There is no code on the screen")
        phone = Phone(self._town, self._place(who))
        phone.scan(code)
        phone.say_who()
        phone.press(answer)
        return {"said": "手机上点了同意  Agreed on the phone" if answer == "approve" else "手机上点了拒绝  Denied"}

    def _messages(self, who: str) -> dict[str, Any]:
        came = Phone(self._town, self._place(who)).messages()
        return {"text": f"短信 SMS: {came[-1]}" if came else "没有短信  No message yet"}

    # the network

    def _network(self, state: str) -> dict[str, Any]:
        cable = self._town.cable
        assert cable is not None
        (cable.cut if state == "cut" else cable.restore)()
        return {}

    # the panel

    def sections(self) -> dict[str, Any]:
        """What the panel shows."""
        papers = {path.stem.replace("_", "\n", 1): _device("document_camera", f"show {path}") for path in _papers()}
        receipt_faults = {label: _device("receipt_printer", f"fault {name}") for label, name in RECEIPT_FAULTS.items()}
        page_faults = {label: _device("page_printer", f"fault {name}") for label, name in PAGE_FAULTS.items()}
        sections: dict[str, dict[str, str]] = {
            "身份证  ID card": {
                "拿走\ntake away": _device("id_card", "lift"), "放上\nlay down": "id_card {who}",
                "过期的\nexpired one": "expired_id_card {who}",
            },
            "社保卡  Social security card": {
                "拔出\ntake out": _device("smart_card", "lift"), "插入\nput in": "social_security_card {who}",
                "要密码的\nlocked one": "locked_card {who}", "银行卡\nbank card": "bank_card {who}",
            },
            "扫码处  Before the scanner": {
                "收起来\nnothing": _device("code_camera", "clear"), "居民码\nonline code": "citizen_code {who}",
                "离线码\noffline code": "offline_code {who}", "营业执照\nlicence": "licence {who}",
                "帮办员码\nhelper": "helper_code -",
            },
            "手机  Phone": {"扫屏幕，同意\nscan, agree": "agree {who}", "扫屏幕，拒绝\nscan, deny": "deny {who}"},
            "人脸  Before the face camera": {
                "没有人\nnobody": _device("face_camera", "clear"), "照着要求做\ndoes it all": "face lively {who}",
                "只看镜头\nonly looks": "face look {who}", "向左转\nturns left": "face turn_left {who}",
                "向右转\nturns right": "face turn_right {who}", "闭眼\nblinks": "face blink {who}",
            },
            "网络  Network": {"接通\nconnected": "network on", "断开\ncut": "network cut"},
            "材料  Paper under the camera": {"拿走\ntake away": _device("document_camera", "clear"), **papers},
            "扫描仪进纸口  In the scanner's feeder": {
                "拿走\ntake away": _device("document_scanner", "load 0"),
                "两张纸\ntwo sheets": _device("document_scanner", "load 2"),
                "卡纸\njam": _device("document_scanner", "fault jam"),
                "修好\nmended": _device("document_scanner", "fault none"),
            },
            "凭条打印机  Receipt printer": receipt_faults,
            "A4 打印机  Page printer": page_faults,
        }  # fmt: skip
        told: list[dict[str, Any]] = [
            {"title": title, "address": self.address, "buttons": buttons} for title, buttons in sections.items()
        ]
        next(one for one in told if "Phone" in one["title"]).update(acts=True, watch="messages {who}")
        return {"who": [person["name"] for person in self._town.people], "sections": told}


def _device(name: str, command: str) -> str:
    return f"device {name} {command}"


def _papers() -> list[Path]:
    return sorted(path for path in (CITY / "papers").iterdir() if path.suffix in (".png", ".jpg"))
