"""As few bytes as can be: what is here stays, a patch brings what changed; whatever is wrong with it, files do."""

from __future__ import annotations

import resource
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from backports.zstd import CompressionParameter, compress
from tuf.api.metadata import TargetFile

from contract.releases import BUNDLE, Release, changed, laid_out, patch_name
from fleet.releases.packs import Packs
from offline_cache.releases.packs import BadPack, Pack
from tests.fleet.city_workbook import CIVIL_AFFAIRS, HUMAN_RESOURCES, PROOF
from tests.offline_cache.release_shelf import Handler, Shelf, Terminal

ITEMS = f"{HUMAN_RESOURCES}/items.json"


def targets(shelf: Shelf) -> list[str]:
    """The targets that were asked for, without the hashes before their names."""
    return [
        "/".join([*path.split("/")[1:-1], path.rpartition("/")[2].partition(".")[2]])
        for path in shelf.asked
        if path.startswith("targets/")
    ]


def take(shelf: Shelf, terminal: Terminal, version: int = 2) -> list[str]:
    """Refresh; what was asked for."""
    shelf.asked.clear()
    assert terminal.refresh() == version
    assert terminal.updater.check() == ""
    return targets(shelf)


def as_published(terminal: Terminal, shelf: Shelf) -> None:
    """Every file here is the one that was published."""
    release = terminal.release.about
    for name in ["release.json", *release.targets]:
        installed = (terminal.data / "releases" / "current" / name).read_bytes()
        assert installed == shelf.content(name), name


def test_a_terminal_that_has_nothing_takes_one_bundle(shelf: Shelf, tmp_path: Path) -> None:
    new = Terminal(tmp_path / "new", shelf)
    assert take(shelf, new, 1) == ["release.json", BUNDLE]
    as_published(new, shelf)


def test_one_patch_brings_everything_that_changed(shelf: Shelf, terminal: Terminal) -> None:
    shelf.rename("参保证明在线打印")
    assert take(shelf, terminal) == [patch_name(1)]
    as_published(terminal, shelf)
    assert terminal.release.items[PROOF].name.zh == "参保证明在线打印"
    [patch] = (shelf.data / "releases" / "targets" / "patches").glob("*.1.zst")
    bundle = max((shelf.data / "releases" / "targets").glob(f"*.{BUNDLE}"), key=lambda path: path.stat().st_mtime_ns)
    assert patch.stat().st_size < bundle.stat().st_size / 4


def test_a_department_that_changed_nothing_is_not_asked_for_again(shelf: Shelf, terminal: Terminal) -> None:
    shelf.rename("参保证明在线打印")
    take(shelf, terminal)
    metadata = [path for path in shelf.asked if "dept-" in path]
    assert metadata == [f"metadata/2.dept-{HUMAN_RESOURCES}.json"]


def test_a_terminal_that_missed_some_releases_takes_one_patch(shelf: Shelf, terminal: Terminal) -> None:
    for name in ("甲", "乙", "丙", "丁"):
        newest = shelf.rename(name)
    assert take(shelf, terminal, newest) == [patch_name(1)]
    as_published(terminal, shelf)


def test_a_terminal_that_missed_more_takes_what_it_lacks(shelf: Shelf, terminal: Terminal) -> None:
    for name in ("甲", "乙", "丙", "丁", "戊"):
        newest = shelf.rename(name)
    asked = take(shelf, terminal, newest)
    assert patch_name(1) not in asked
    as_published(terminal, shelf)


def test_packs_nobody_needs_any_more_are_removed(shelf: Shelf) -> None:
    for name in ("甲", "乙", "丙", "丁", "戊", "己"):
        shelf.rename(name)
    folder = shelf.data / "releases" / "targets"
    patches = sorted(path.name.partition(".")[2] for path in (folder / "patches").iterdir())
    # of release 7 and of release 6
    assert patches == ["2.zst", "3.zst", "3.zst", "4.zst", "4.zst", "5.zst", "5.zst", "6.zst"]
    assert len(list(folder.glob(f"*.{BUNDLE}"))) == 2
    assert sorted(path.stem for path in (shelf.data / "releases" / "published").iterdir()) == ["3", "4", "5", "6", "7"]


def test_what_is_here_is_not_fetched_again(shelf: Shelf, terminal: Terminal) -> None:
    content = shelf.content(ITEMS) + b"\n"
    shelf.sign({ITEMS: content})
    assert take(shelf, terminal) == ["release.json", ITEMS]
    as_published(terminal, shelf)


def test_what_is_here_and_damaged_is_noticed_and_fetched(shelf: Shelf, terminal: Terminal) -> None:
    form = terminal.data / "releases" / "1" / CIVIL_AFFAIRS / "subsidy.xml"
    whole = form.read_bytes()
    form.write_bytes(whole[:-1] + b" ")
    shelf.sign({})
    assert take(shelf, terminal) == ["release.json", f"{CIVIL_AFFAIRS}/subsidy.xml"]
    assert (terminal.data / "releases" / "2" / CIVIL_AFFAIRS / "subsidy.xml").read_bytes() == whole


def test_no_release_rests_on_the_files_of_another(shelf: Shelf, terminal: Terminal) -> None:
    shelf.sign({})
    take(shelf, terminal)
    for path in (terminal.data / "releases" / "1").rglob("*.xml"):
        path.write_bytes(b"")
    as_published(terminal, shelf)


def _missing(request: Handler) -> None:
    request.send_error(404)


def _damaged(request: Handler) -> None:
    request.give(request.real[:-1] + bytes([request.real[-1] ^ 1]))


def _short(request: Handler) -> None:
    request.give(request.real[:-1])


def _broken(request: Handler) -> None:
    request.give(request.real[:9], len(request.real))


def _overloaded(request: Handler) -> None:
    request.send_error(503)


def _endless(request: Handler) -> None:
    request.send_response(200)
    request.end_headers()
    try:
        while True:
            request.wfile.write(bytes(1 << 16))
    except OSError:
        return


@pytest.mark.parametrize("fault", [_missing, _damaged, _short, _broken, _overloaded, _endless])
def test_where_packs_do_not_come_files_do(
    shelf: Shelf, terminal: Terminal, tmp_path: Path, fault: Callable[[Handler], None]
) -> None:
    shelf.rename("参保证明在线打印")
    shelf.faults.update({"patches/": fault, BUNDLE: fault})
    asked = take(shelf, terminal)
    assert asked[0] == patch_name(1) and ITEMS in asked
    as_published(terminal, shelf)
    new = Terminal(tmp_path / "new", shelf)
    take(shelf, new)
    as_published(new, shelf)


def sign_patch(shelf: Shelf, patch: bytes, name: str = "") -> None:
    """Release 2 with a new list of items, and a patch of the signer's own making."""
    content = shelf.content(ITEMS) + b"\n"
    shelf.sign({ITEMS: content}, {name or patch_name(1): patch})


@pytest.mark.parametrize(
    "patch",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"no zstd at all", id="no zstd"),
        pytest.param(compress(b""), id="an empty frame"),
        pytest.param(compress(bytes(300)), id="other content"),
        pytest.param(compress(bytes(1 << 30), options={CompressionParameter.window_log: 27}), id="a bomb"),
    ],
)
def test_a_signed_patch_that_makes_something_else_is_of_no_use(shelf: Shelf, terminal: Terminal, patch: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sign_patch(shelf, patch)
    assert take(shelf, terminal) == [patch_name(1), "release.json", ITEMS]
    as_published(terminal, shelf)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


def test_a_patch_of_another_release_one_than_ours_is_of_no_use(
    shelf: Shelf, terminal: Terminal, tmp_path: Path
) -> None:
    """The platform was set up anew from a backup: its release 1 is not the one that is here."""
    base = b"".join(
        (terminal.data / "releases" / "1" / name).read_bytes()
        for name in laid_out(["release.json", *terminal.release.about.targets])
    )
    other = Packs(tmp_path / "records", tmp_path / "targets")
    files = {"release.json": base[::-1], ITEMS: b"other"}
    for name, content in files.items():
        path = tmp_path / "targets" / Path(name).parent / f"{sha256(content).hexdigest()}.{Path(name).name}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    other.make(1, files)
    patch = other.make(2, {name: shelf.content(name) for name in ("release.json", ITEMS)})[patch_name(1)]
    sign_patch(shelf, patch)
    assert take(shelf, terminal) == [patch_name(1), "release.json", ITEMS]
    as_published(terminal, shelf)


def test_a_patch_from_a_damaged_file_is_of_no_use_and_the_file_is_fetched(shelf: Shelf, terminal: Terminal) -> None:
    shelf.rename("参保证明在线打印")
    (terminal.data / "releases" / "1" / "search.json").write_bytes(b"x" * 3000)
    asked = take(shelf, terminal)
    assert asked[0] == patch_name(1) and len(asked) > 1
    as_published(terminal, shelf)


def test_a_patch_signed_by_a_department_is_not_looked_for(shelf: Shelf, terminal: Terminal) -> None:
    """Packs are the top role's alone: `patches/…` is delegated to nobody."""
    about = Release.model_validate_json(shelf.content("release.json")).model_copy(update={"version": 2})
    files = {name: shelf.content(name) for name in about.targets} | {"release.json": about.model_dump_json().encode()}
    files[f"{HUMAN_RESOURCES}/{patch_name(1)}"] = b"never read"
    shelf.publish(files, [HUMAN_RESOURCES, CIVIL_AFFAIRS])
    assert take(shelf, terminal) == ["release.json"]


def test_what_a_patch_holds_is_said_in_one_place() -> None:
    new = {"b/x": "1", "release.json": "2", "a/y": "3", "a/é": "4"}
    assert laid_out(new) == ["release.json", "a/y", "a/é", "b/x"]
    assert changed(new, {}) == laid_out(new)
    assert changed(new, {"elsewhere": "3", "release.json": "2"}) == ["release.json", "a/é", "b/x"]


@pytest.mark.parametrize("cut", [1, 5, 20])
def test_a_pack_that_ends_too_soon_or_goes_on_is_refused(cut: int) -> None:
    first, second = b"one" * 50, b"two" * 70
    files = [TargetFile.from_data("a", first, ["sha256"]), TargetFile.from_data("b", second, ["sha256"])]
    packed = compress(first + second)
    whole = Pack(packed)
    assert [whole.take(file) for file in files] == [first, second]
    whole.end()
    with pytest.raises(BadPack):
        short = Pack(packed[:-cut])
        [short.take(file) for file in files]
        short.end()
    for more in (compress(first + second + b"!"), packed + b"!"):
        long = Pack(more)
        [long.take(file) for file in files]
        with pytest.raises(BadPack):
            long.end()
