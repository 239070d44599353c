"""Connectors with real stand-ins as their own processes: what they answer, and what becomes of their faults."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from pathlib import Path
from textwrap import dedent

import pytest

from contract.codes import Assurance
from contract.identity import CompanyRole
from contract.logins import CodeCheck, Companies, CompaniesFor, HelperAnswer, HelperCheck, Purpose, Refusal
from fleet.api.identity import COMPANIES
from fleet.connectors.connected import read_connectors
from fleet.connectors.http import READ, ask
from fleet.errors import ConnectorsBroken, ServiceUnavailable
from fleet.sample_city import __path__ as sample_city
from tests.fleet.logins import CHEN_NUMBER, LI_NUMBER, WANG_NUMBER, StandIn, check, post
from tests.fleet.running_platform import RunningPlatform, TestTerminal, run_command

HELPERS = str(Path(next(iter(sample_city))) / "helpers.json")


def companies(terminal: TestTerminal, number: str) -> Companies:
    return post(terminal, "companies", CompaniesFor(number=number), Companies)


def helper(terminal: TestTerminal, raw: str) -> HelperAnswer:
    return post(terminal, "helper", HelperCheck(raw=raw), HelperAnswer)


def test_a_citys_code_goes_through_its_three_calls(terminal: TestTerminal, code_service: StandIn) -> None:
    code = code_service.do(f"citizen {LI_NUMBER}")["code"]
    said = check(terminal, code + "\r\n")
    assert said.person is not None
    assert (said.person.name, said.person.number, said.person.sex) == ("李样本", LI_NUMBER, "男")
    assert said.person.birth is not None and said.person.birth.isoformat() == "1985-06-07"
    assert said.assurance is Assurance.SUBSTANTIAL
    assert check(terminal, code).refused is Refusal.EXPIRED, "the service's own word for a code that was used"


def test_a_licence_code_goes_with_device_place_item_and_purpose(terminal: TestTerminal, code_service: StandIn) -> None:
    code = code_service.do(f"licence {WANG_NUMBER}")["code"]
    said = check(terminal, code, task_code="370299AA0001-proof")
    assert said.person is not None and (said.person.name, said.person.mobile) == ("王示例", "13800000026")
    assert code_service.do("asked")["asked"] == {
        "machineId": "T-1",
        "areaCode": "370299",
        "place": "一楼",
        "itemCode": "370299AA0001-proof",
        "using": "自助终端登录",
    }


@pytest.mark.parametrize("kind", ["citizen", "licence"])
@pytest.mark.parametrize(
    ("fault", "refused"),
    [("error", Refusal.UNAVAILABLE), ("garbage", Refusal.UNAVAILABLE), ("expired", Refusal.EXPIRED)],
)
def test_a_services_fault_is_an_answer(
    terminal: TestTerminal, code_service: StandIn, kind: str, fault: str, refused: Refusal
) -> None:
    code = code_service.do(f"{kind} {LI_NUMBER}")["code"]
    with code_service.fault(fault):
        said = check(terminal, code)
    assert (said.person, said.refused) == (None, refused)


def test_a_slow_service_is_not_waited_for(terminal: TestTerminal, code_service: StandIn) -> None:
    code = code_service.do(f"citizen {LI_NUMBER}")["code"]
    with code_service.fault("slow"):
        began = time.monotonic()
        assert check(terminal, code).refused is Refusal.UNAVAILABLE
        assert time.monotonic() - began < 6.5


def test_companies_of_a_person(terminal: TestTerminal) -> None:
    wang = {company.name[:4]: company for company in companies(terminal, WANG_NUMBER).companies}
    assert {name: company.role for name, company in wang.items()} == {
        "海湾样板": CompanyRole.LEGAL_REPRESENTATIVE,
        "海湾占位": CompanyRole.HANDLER,
    }
    assert wang["海湾占位"].legal_representative == "陈假设"
    assert [company.name[:4] for company in companies(terminal, LI_NUMBER).companies] == ["海湾虚构"]
    assert [company.role for company in companies(terminal, CHEN_NUMBER).companies] == ["legal_representative"]
    nobody = companies(terminal, "370299199001010011")
    assert (nobody.companies, nobody.refused) == ([], None)


def test_a_helpers_work_code_is_good_once(terminal: TestTerminal, platform: RunningPlatform) -> None:
    code = str(platform.command("helper-code", "--helpers", HELPERS, "--id", "BB-001")["code"])
    first = helper(terminal, code + "\n")
    assert first.helper is not None and (first.helper.id, first.helper.name) == ("BB-001", "周帮办")
    assert helper(terminal, code).refused is Refusal.USED
    assert check(terminal, code).person is None, "a helper's code is no citizen's"


def test_a_helpers_badge_is_the_connectors_to_know(terminal: TestTerminal) -> None:
    said = helper(terminal, "BBY-BB-002-3H8R6WTC\r\n")
    assert said.helper is not None and said.helper.name == "吴引导"
    assert helper(terminal, "BBY-BB-002-guessed").refused is Refusal.UNKNOWN


def test_a_citizens_code_makes_nobody_a_helper(terminal: TestTerminal, platform: RunningPlatform) -> None:
    code = platform.citizen_code()
    assert helper(terminal, code).helper is None
    assert check(terminal, code).person is not None


def test_no_helper_of_that_id(platform: RunningPlatform) -> None:
    code, _ = run_command("helper-code", "--data", str(platform.data), "--helpers", HELPERS, "--id", "BB-999")
    assert code == 1


def test_the_command_tells_what_answers(platform: RunningPlatform, sms_gateway: StandIn) -> None:
    code, content = run_command("connectors", "--data", str(platform.data))
    assert code == 0, content
    assert [each["use"] for each in content["connectors"]] == ["sample_city", "city_code", "http"]  # type: ignore[attr-defined]
    with sms_gateway.fault("refuses"):
        code, content = run_command("connectors", "--data", str(platform.data))
    assert code == 1
    troubles = {each["table"]: each["trouble"] for each in content["connectors"]}  # type: ignore[attr-defined]
    assert troubles["sms"].endswith("HTTP status 503") and not troubles["identity"] and not troubles["codes"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("identity = 3", "identity"),
        ('[identity]\npeople = "x"', "use"),
        ('[identity]\nuse = "nowhere"', 'no connector is called "nowhere"'),
        ('[weather]\nuse = "http"', "weather"),
        ('[sms]\nuse = "http"', "'url'"),
        ('[sms]\nuse = "http"\nurl = "ftp://x/"', "not an http"),
        ('[codes]\nuse = "city_code"\nurl = "https://x.invalid"\nassurance = 9', "9 is not a valid"),
        ('[identity]\nuse = "sample_city"\ncompanies = "gone.json"', "gone.json"),
        ('[identity]\nuse = "sample_city"\npeople = "gone.json"', "gone.json"),
        ('[sms]\nuse = "http"\nurl = 3', "[sms]"),
        ("[identity", "connectors.toml"),
    ],
)
def test_a_wrong_file_is_said_plainly(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "connectors.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConnectorsBroken, match=r".*") as broken:
        read_connectors(path)
    assert reason in str(broken.value)
    assert run_command("init", "--data", str(tmp_path / "platform"), "--connectors", str(path))[0] == 1
    assert not (tmp_path / "platform").exists()


def test_init_begins_with_the_city_it_is_told(tmp_path: Path) -> None:
    file = Path(next(iter(sample_city))) / "connectors.toml"
    data = tmp_path / "platform"
    assert run_command("init", "--data", str(data), "--connectors", str(file))[0] == 0
    assert run_command("connectors", "--data", str(data))[1]["connectors"][0]["answers"]  # type: ignore[index]


def test_without_connectors_only_what_is_ours_works(tmp_path: Path) -> None:
    data = tmp_path / "platform"
    assert run_command("init", "--data", str(data))[0] == 0
    assert run_command("connectors", "--data", str(data)) == (0, {"connectors": []})
    connected = read_connectors(data / "connectors.toml")
    for question in (lambda: connected.companies(LI_NUMBER), connected.sms_ready):
        with pytest.raises(ServiceUnavailable, match="nothing is connected"):
            question()


def test_a_connector_of_somebody_else_is_an_entry_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "their_city-1.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: their-city\nVersion: 1\n")
    (package / "entry_points.txt").write_text("[bianmin.connectors]\ntheirs = their_city:Theirs\n")
    (tmp_path / "their_city.py").write_text(
        dedent("""
        from contract.logins import HelperAnswer
        from fleet.connectors.unconnected import Unconnected

        class Theirs(Unconnected):
            def __init__(self, settings, folder):
                self.words = settings["words"]

            def companies(self, number):
                raise RuntimeError(self.words + number)

            def person(self, number, mobile):
                return "not a person"

            def check_code(self, code):
                raise SystemExit(3)

            def helper(self, raw):
                return HelperAnswer()
        """)
    )
    monkeypatch.syspath_prepend(tmp_path)
    path = tmp_path / "connectors.toml"
    path.write_text('[identity]\nuse = "theirs"\nwords = "boom"', encoding="utf-8")
    connected = read_connectors(path)
    connected.ready("identity")
    with pytest.raises(ServiceUnavailable) as refused:
        connected.companies(LI_NUMBER)
    assert LI_NUMBER not in str(refused.value) and "RuntimeError" in str(refused.value)
    with pytest.raises(ServiceUnavailable, match="something else"):
        connected.person(LI_NUMBER, "13900000018")
    with pytest.raises(ServiceUnavailable, match="a helper or a refusal"):
        connected.helper("x")
    code = CodeCheck(raw="x", terminal_id="T-1", place="", purpose=Purpose.LOGIN)
    with pytest.raises(ServiceUnavailable, match="RuntimeError"):
        connected.check_code(code)


def test_nothing_of_a_person_is_in_the_log(terminal: TestTerminal, platform: RunningPlatform) -> None:
    log = (platform.data / "serve.log").read_text("utf-8")
    for secret in (LI_NUMBER, WANG_NUMBER, "李样本", "王示例", "13800000026"):
        assert secret not in log


@pytest.mark.usefixtures("patient")
def test_a_terminal_does_not_read_the_whole_register(terminal: TestTerminal, second: TestTerminal) -> None:
    def asks(who: TestTerminal, number: str) -> int:
        return who.call("POST", "identity/companies", json={"number": number}).status_code

    statuses = [asks(terminal, f"37029919900101{place:03d}X") for place in range(COMPANIES.free + 2)]
    assert statuses == [200] * (COMPANIES.free + 1) + [429]
    assert asks(second, LI_NUMBER) == 200


def test_an_answer_that_trickles_holds_no_thread() -> None:
    """Each byte in time, and never the last: 32 such calls would have closed every connector for days."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_trickle, args=(server,), daemon=True).start()
        began = time.monotonic()
        with pytest.raises(ServiceUnavailable, match="does not end"):
            ask("GET", f"http://127.0.0.1:{server.getsockname()[1]}/")
        assert time.monotonic() - began < READ + 3


def _trickle(server: socket.socket) -> None:
    asked, _ = server.accept()
    with asked, contextlib.suppress(OSError):
        asked.recv(65536)
        asked.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(100):
            asked.sendall(b" ")
            time.sleep(0.2)
