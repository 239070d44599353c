"""Lists and pictures a form names: from a folder or a zip, through a signed release, to a form run on a terminal."""

from __future__ import annotations

import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from openpyxl import load_workbook

from fleet.catalogue.archive import RESOURCE_LIMIT
from fleet.catalogue.importer import import_workbook
from fleet.releases.resources import ResourceFolder
from kiosk.forms import Form, FormError
from tests.fleet.edited_template import cell, edited, found, question
from tests.fleet.running_platform import run_command
from tests.offline_cache.release_shelf import Shelf, Terminal

DEPARTMENT = "113702990000000256"
STATIONS = "name,label,address\ns1,东站,一路 1 号\ns2,西站,二路 2 号\n"
SEAL = b"\x89PNG\r\n\x1a\n" + bytes(64)


def with_files(folder: Path, *, stations: bytes | None = STATIONS.encode()) -> Path:
    """The template asking for a station from a list, with a picture beside a question."""
    folder.mkdir(parents=True, exist_ok=True)
    if stations is not None:
        (folder / "stations.csv").write_bytes(stations)
    (folder / "travel_card-media").mkdir()
    (folder / "travel_card-media" / "seal.png").write_bytes(SEAL)
    return edited(
        folder,
        question("station", "select_one_from_file stations.csv"),
        question("street", "calculate", calculation="pulldata('stations', 'address', 'name', ${station})"),
        cell("survey", "V1", "media::image::zh"),
        cell("survey", "W1", "media::image::en"),
        cell("survey", "V7", "seal.png"),
        cell("survey", "W7", "seal.png"),
    )


def packed(folder: Path, target: Path, **more: bytes) -> Path:
    """Everything in `folder` as a zip."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                book.write(path, f"事项/{path.relative_to(folder)}")
        for name, content in more.items():
            book.writestr(name, content)
    return target


def test_files_of_a_form_are_found_beside_the_workbook(tmp_path: Path) -> None:
    outcome = import_workbook(with_files(tmp_path))
    assert (outcome.faults, outcome.notices) == ([], [])
    assert outcome.resources == {
        f"{DEPARTMENT}/travel_card/stations.csv": STATIONS.encode(),
        f"{DEPARTMENT}/travel_card/seal.png": SEAL,
    }


def test_a_terminal_runs_a_form_with_the_files_of_its_release(tmp_path: Path) -> None:
    workbook = with_files(tmp_path / "city")
    archive = packed(workbook.parent, tmp_path / "city.zip")
    data = tmp_path / "platform"
    assert run_command("init", "--data", str(data))[0] == 0
    code, report = run_command("import", "--data", str(data), str(archive))
    assert (code, report["faults"]) == (0, [])
    shelf = Shelf(data)
    try:
        shelf.release()
        terminal = Terminal(tmp_path / "terminal", shelf)
        assert terminal.refresh() == 1
        (item,) = terminal.release.items.values()
        resources = terminal.release.form_resources(item)
        form = Form.load(terminal.release.form(item), resources)
        assert resources("jr://images/seal.png") == SEAL
        for address in (
            "jr://file-csv/others.csv",
            "jr://file-csv/..",
            "jr://file-csv/",
            "stations.csv",
            "/etc/passwd",
        ):
            with pytest.raises(KeyError):
                resources(address)
    finally:
        shelf.close()
    session = form.start(language="zh")
    assert session.answer("/data/station", "s3") is not None
    assert session.answer("/data/station", "s2") is None
    assert "二路 2 号" in session.serialise().decode()
    with pytest.raises(FormError):
        Form.load(terminal.release.form(item))


def test_a_release_is_refused_where_a_file_is_no_longer_what_was_imported(tmp_path: Path) -> None:
    data = tmp_path / "platform"
    assert run_command("init", "--data", str(data))[0] == 0
    assert run_command("import", "--data", str(data), str(with_files(tmp_path / "city")))[0] == 0
    for kept in (data / "resources").iterdir():
        kept.write_bytes(kept.read_bytes() + b"x")
    code, report = run_command("release", "--data", str(data), "--approved-by", "甲", "--approved-by", "乙")
    assert code == 1
    assert "import the workbook again" in str(report["error"])


def _release(data: Path, city: Path, stations: bytes, approved: bool = True) -> str:
    """Import the template with this list, and release it; what its file is called."""
    assert run_command("import", "--data", str(data), str(with_files(city, stations=stations)))[0] == 0
    if approved:
        assert run_command("release", "--data", str(data), "--approved-by", "甲", "--approved-by", "乙")[0] == 0
    return sha256(stations).hexdigest()


def test_files_no_kept_release_names_are_removed_when_the_next_stands(tmp_path: Path) -> None:
    data, seal = tmp_path / "platform", sha256(SEAL).hexdigest()
    assert run_command("init", "--data", str(data))[0] == 0
    kept = [
        _release(data, tmp_path / f"city {number}", STATIONS.encode() + b"s%d,x,y\n" % number, number != 2)
        for number in range(1, 4)
    ]
    # release 1, a draft nobody approved, release 2
    assert {path.name for path in (data / "resources").iterdir()} == {seal, kept[0], kept[2]}
    (data / "resources" / ".cut.half").write_bytes(b"x")
    kept.append(_release(data, tmp_path / "city 4", STATIONS.encode() + b"s4,x,y\n"))
    assert {path.name for path in (data / "resources").iterdir()} == {seal, kept[2], kept[3]}


def test_a_removal_that_was_cut_is_finished_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = ResourceFolder(tmp_path)
    folder.keep([b"kept", *(b"%d" % number for number in range(4))])
    kept, unlink = sha256(b"kept").hexdigest(), Path.unlink
    left = iter(range(2))

    def cut(path: Path, missing_ok: bool = False) -> None:
        if next(left, None) is None:
            raise OSError("cut")
        unlink(path, missing_ok)

    with monkeypatch.context() as patched, pytest.raises(OSError, match="cut"):
        patched.setattr(Path, "unlink", cut)
        folder.keep_only({kept})
    assert len(list(tmp_path.iterdir())) == 3 and folder.read(kept) == b"kept"
    folder.keep_only({kept})
    assert [path.name for path in tmp_path.iterdir()] == [kept]


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("csv_encoding", b"\xff\xfe\x00\x81"),
        ("csv_empty", b""),
        ("csv_empty", b"\n\n"),
        ("csv_column", "代码,名称\ns1,东站\n".encode()),
        ("resource_too_large", b"name,label\n" + b"x,y\n" * (RESOURCE_LIMIT // 4)),
        ("form_not_runnable", b"name,label\ns 1,a\n"),
        ("form_not_runnable", b"name,label\ns1,a,b,c\n"),
        ("resource_missing", None),
    ],
)
def test_a_list_that_cannot_be_used_is_a_fault_where_it_is_named(
    tmp_path: Path, code: str, content: bytes | None
) -> None:
    assert found(with_files(tmp_path, stations=content))["survey!A20"] == code


def test_a_list_from_a_chinese_spreadsheet_program_is_read(tmp_path: Path) -> None:
    assert found(with_files(tmp_path, stations=STATIONS.encode("gb18030"))) == {}


def test_a_list_may_say_which_columns_are_value_and_label(tmp_path: Path) -> None:
    path = with_files(tmp_path, stations="代码,名称,address,name\ns1,东站,x,y\n".encode())
    book = load_workbook(path)
    book["survey"]["S20"] = "value=代码 label=名称"
    book.save(path)
    assert found(path) == {}


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("zip_too_large", {f"{number}.csv": b"" for number in range(501)}),
        ("zip_names", {"../outside.csv": b"x"}),
        ("zip_names", {"/etc/outside.csv": b"x"}),
    ],
)
def test_a_zip_that_could_do_harm_is_refused(tmp_path: Path, code: str, more: dict[str, bytes]) -> None:
    archive = packed(with_files(tmp_path / "city").parent, tmp_path / "city.zip", **more)
    assert [fault.code for fault in import_workbook(archive).faults] == [code]
    assert not (tmp_path / "outside.csv").exists()


def test_a_zip_without_a_workbook_or_with_two_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "city.zip"
    with zipfile.ZipFile(archive, "w") as empty:
        empty.writestr("stations.csv", STATIONS)
    assert [fault.code for fault in import_workbook(archive).faults] == ["zip_without_workbook"]
    workbook = with_files(tmp_path / "city")
    (workbook.parent / "second.xlsx").write_bytes(workbook.read_bytes())
    two = packed(workbook.parent, tmp_path / "two.zip")
    assert [fault.code for fault in import_workbook(two).faults] == ["zip_without_workbook"]
    workbook.rename(workbook.parent / "city.xlsx")
    assert import_workbook(packed(workbook.parent, tmp_path / "named.zip")).faults == []


def test_a_zip_that_cannot_be_unfolded_is_refused(tmp_path: Path) -> None:
    archive = packed(with_files(tmp_path / "city").parent, tmp_path / "city.zip")
    content = bytearray(archive.read_bytes())
    content[200:5_000] = bytes(4_800)
    archive.write_bytes(content)
    assert [fault.code for fault in import_workbook(archive).faults] == ["zip_broken"]
