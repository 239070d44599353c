"""A damaged database, in every way a disk can damage one: set aside whole, the undelivered rescued row by row."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from contract.cases import Case
from offline_cache import Cache, rescue
from offline_cache.audit.verify import broken, read_database
from offline_cache.errors import StoreBusy, StoreDamaged
from tests.fleet.sample_cases import proof_case

PAPER = random.Random(1).randbytes(30_000)


def filled(data: Path, cases: int) -> dict[str, str]:
    """A memory with `cases` undelivered cases, each with a paper: case id -> visit id. It was cut, not closed."""
    child = os.fork()
    if not child:
        cache = Cache.open(data)
        said = {}
        for _ in range(cases):
            visit, case = cache.visits.begin(), proof_case()
            cache.visits.save(visit, b"a draft" * 50)
            cache.visits.keep_material(visit, PAPER)
            cache.outbox.put_case(visit, case)
            cache.visits.end(visit.id)
            cache.prints.plan(visit.id, "receipt", cache.facts.next_receipt_number("A01"))
            said[str(case.case_id)] = visit.id
        (data / "said.json").write_text(json.dumps(said))
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    return dict(json.loads((data / "said.json").read_text()))


def readable(cache: Cache, said: dict[str, str]) -> int:
    """How many of the cases can be delivered: entry and paper open."""
    whole = 0
    for entry in cache.outbox.due():
        visit = cache.visits.open(entry.visit)
        assert str(Case.model_validate_json(visit.key.open(entry.sealed, entry.id)).case_id) == entry.id
        assert said[entry.id] == entry.visit
        [row] = cache.store.db.table("materials").rows_where("visit = ?", [entry.visit])
        whole += cache.visits.material(visit, row["sha256"]) == PAPER
    return whole


def pages_of(data: Path, table: str) -> list[int]:
    """The pages of a table's tree, its root first. SQLite's own dbstat is not in every build; the file tells."""
    with sqlite3.connect(data / "store.db") as db:
        [(root,)] = db.execute("select rootpage from sqlite_master where name = ?", [table]).fetchall()
        [(size,)] = db.execute("pragma page_size").fetchall()
    db.close()
    content, tree = (data / "store.db").read_bytes(), [root]
    for number in tree:
        page = content[(number - 1) * size : number * size]
        if page[0] == 0x05:
            cells = int.from_bytes(page[3:5], "big")
            for cell in range(cells):
                place = int.from_bytes(page[12 + 2 * cell : 14 + 2 * cell], "big")
                tree.append(int.from_bytes(page[place : place + 4], "big"))
            tree.append(int.from_bytes(page[8:12], "big"))
    return tree


def overwrite(path: Path, at: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)


def header(data: Path) -> None:
    overwrite(data / "store.db", 0, os.urandom(4096))


def root_of_the_outbox(data: Path) -> None:
    overwrite(data / "store.db", (pages_of(data, "outbox")[0] - 1) * 4096, bytes(4096))


def root_of_the_papers(data: Path) -> None:
    overwrite(data / "store.db", (pages_of(data, "materials")[0] - 1) * 4096, os.urandom(4096))


def schema(data: Path) -> None:
    overwrite(data / "store.db", 100, bytes(3996))


def folded(data: Path) -> None:
    """The WAL goes into the database, as a checkpoint would have done it."""
    with sqlite3.connect(data / "store.db") as db:
        db.execute("pragma wal_checkpoint(truncate)")
    db.close()


@pytest.mark.parametrize("damage", [header, root_of_the_outbox, root_of_the_papers, schema])
def test_trees_that_are_broken_lose_no_case(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    said = filled(tmp_path, 20)
    folded(tmp_path)
    damage(tmp_path)
    broken = (tmp_path / "store.db").read_bytes()
    cache = Cache.open(tmp_path)
    assert readable(cache, said) == 20
    assert cache.store.db.execute("pragma integrity_check").fetchone()[0] == "ok"
    [folder] = cache.set_aside.folders()
    assert (folder / "store.db").read_bytes() == broken, "set aside whole"
    told = cache.set_aside.last()
    assert told is not None and (told.kept, told.lost) == (20, 0)
    number = cache.facts.next_receipt_number("A01")
    assert int(number.rpartition("-")[2]) in (21, 1)
    cache.close()


def test_what_was_only_in_the_log_is_rescued_too(tmp_path: Path) -> None:
    """The terminal died before any checkpoint, and the database's first page is gone with it."""
    said = filled(tmp_path, 12)
    assert (tmp_path / "store.db-wal").stat().st_size > 12 * len(PAPER)
    header(tmp_path)
    cache = Cache.open(tmp_path)
    assert readable(cache, said) == 12
    cache.close()


def test_one_broken_leaf_costs_the_rows_on_it_and_no_other(tmp_path: Path) -> None:
    said = filled(tmp_path, 40)
    folded(tmp_path)
    leaf = pages_of(tmp_path, "outbox")[3]
    overwrite(tmp_path / "store.db", (leaf - 1) * 4096, bytes(4096))
    cache = Cache.open(tmp_path)
    kept = readable(cache, said)
    assert 30 < kept < 40
    told = cache.set_aside.last()
    assert told is not None and told.kept == kept
    cache.close()


def test_damage_anywhere_never_keeps_a_terminal_from_its_service(tmp_path: Path) -> None:
    """Random bytes, zeros and cuts at random places: it opens, what it says it has opens, and it takes new cases."""
    original = tmp_path / "original"
    original.mkdir()
    said = filled(original, 20)
    folded(original)
    size, chance, kept, rescued = (original / "store.db").stat().st_size, random.Random(20261128), [], 0
    for number in range(40):
        data = tmp_path / str(number)
        shutil.copytree(original, data)
        place = chance.randrange(size)
        match number % 4:
            case 0:
                overwrite(data / "store.db", place, chance.randbytes(chance.choice((1, 16, 512, 4096))))
            case 1:
                overwrite(data / "store.db", place // 4096 * 4096, bytes(4096 * chance.randint(1, 8)))
            case 2:
                os.truncate(data / "store.db", place)
            case 3:
                for _ in range(8):
                    overwrite(data / "store.db", chance.randrange(size), chance.randbytes(64))
        cache = Cache.open(data)
        entries = cache.outbox.due()
        assert {entry.id for entry in entries} <= set(said), "nothing is there that never was"
        visits = {row["id"] for row in cache.store.db.table("visits").rows}
        whole = sum(entry.visit in visits for entry in entries)
        told = cache.set_aside.last()
        # an entry whose visit, and so its key, is not found is said to be lost
        assert whole == len(entries) or (told and told.lost >= len(entries) - whole)
        kept.append(whole)
        rescued += bool(cache.set_aside.folders())
        visit = cache.visits.begin()
        cache.outbox.put_case(visit, proof_case())
        cache.close()
        shutil.rmtree(data)
    assert rescued > 25, "damage is seen"
    assert sum(kept) / len(kept) > 14


@pytest.mark.parametrize("step", range(1, 13))
def test_a_rescue_that_is_cut_is_taken_up_again(tmp_path: Path, step: int) -> None:
    said = filled(tmp_path, 5)
    folded(tmp_path)
    header(tmp_path)
    broken = (tmp_path / "store.db").read_bytes()
    child = os.fork()
    if not child:
        done = 0

        def counted(function: Callable[..., object]) -> Callable[..., object]:
            def call(*values: object, **more: object) -> object:
                nonlocal done
                done += 1
                if done == step:
                    os.kill(os.getpid(), signal.SIGKILL)
                return function(*values, **more)

            return call

        for place, name in ((rescue, "sync"), (rescue, "write_private"), (rescue, "_fill"), (rescue, "_keep"),
                            (Path, "rename"), (Path, "unlink")):  # fmt: skip
            setattr(place, name, counted(getattr(place, name)))
        Cache.open(tmp_path)
        os._exit(0)
    os.waitpid(child, 0)
    cache = Cache.open(tmp_path)
    assert readable(cache, said) == 5
    [folder] = cache.set_aside.folders()
    assert (folder / "store.db").read_bytes() == broken
    assert not (tmp_path / "store.damaged").exists() and not (tmp_path / "store.rescued").exists()
    cache.close()


def test_the_other_program_lets_go_and_both_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = filled(tmp_path, 5)
    agent = Cache.open(tmp_path)
    folded(tmp_path)
    header(tmp_path)
    monkeypatch.setattr(rescue, "LET_GO_SECONDS", 0.2)
    with pytest.raises(StoreBusy):
        Cache.open(tmp_path)
    # it meets the note at its next word, ends, and is started again
    with pytest.raises(StoreDamaged):
        agent.outbox.due()
    with pytest.raises(StoreDamaged):
        agent.facts.tell("network", "online")
    agent.close()
    kiosk = Cache.open(tmp_path)
    agent = Cache.open(tmp_path)
    assert readable(kiosk, said) == readable(agent, said) == 5
    agent.close()
    kiosk.close()


def test_damage_that_shows_while_running_is_told_to_everybody(tmp_path: Path) -> None:
    said = filled(tmp_path, 30)
    cache = Cache.open(tmp_path)
    cache.store.checkpoint()
    for page in pages_of(tmp_path, "outbox"):
        overwrite(tmp_path / "store.db", (page - 1) * 4096, b"\xff" * 4096)
    with sqlite3.connect(tmp_path / "store.db") as writer:
        # a page the terminal has read already is read again once somebody else has written
        writer.execute("insert into facts values ('x', '1', 0)")
    writer.close()
    with pytest.raises(StoreDamaged), cache.store.transaction() as db:
        db.execute("update outbox set attempts = attempts + 1")
    assert (tmp_path / "store.damaged").exists()
    with pytest.raises(StoreDamaged, match="another program"):
        cache.facts.ask("network")
    cache.close()
    again = Cache.open(tmp_path)
    assert len(again.set_aside.folders()) == 1
    assert {row["id"] for row in again.store.db.table("visits").rows} == set(said.values())
    again.close()


def test_a_set_aside_database_goes_with_its_keys_once_all_of_it_is_delivered(tmp_path: Path) -> None:
    filled(tmp_path, 3)
    folded(tmp_path)
    header(tmp_path)
    cache = Cache.open(tmp_path)
    keys = {path.name for path in (tmp_path / "keys").iterdir()}
    assert keys == {"development.kek", "development.2.kek"}, "the old one for whoever reads more of the set-aside one"
    cache.tidy()
    assert len(cache.set_aside.folders()) == 1
    for entry in cache.outbox.due():
        cache.outbox.delivered(entry, cache.visits.open(entry.visit))
    cache.tidy()
    assert not cache.set_aside.folders() and cache.set_aside.last() is None
    assert {path.name for path in (tmp_path / "keys").iterdir()} == {"development.2.kek"}
    cache.close()


def no_key(data: Path) -> None:
    header(data)
    (data / "keys" / "development.kek").write_bytes(os.urandom(32))


@pytest.mark.parametrize("damage", [no_key, root_of_the_outbox])
def test_a_set_aside_database_with_losses_is_kept_a_month(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    """Three entries are on one page: it is the tree's root and its leaf."""
    filled(tmp_path, 3)
    folded(tmp_path)
    damage(tmp_path)
    cache = Cache.open(tmp_path)
    told = cache.set_aside.last()
    assert told is not None and (told.kept, told.lost) == (0, 3)
    cache.tidy()
    [folder] = cache.set_aside.folders()
    assert cache.set_aside.remove_old(folder.stat().st_mtime + 29 * 86400) == 0
    assert cache.set_aside.remove_old(folder.stat().st_mtime + 31 * 86400) == 1
    assert not cache.set_aside.folders()
    cache.close()


def test_a_rescued_store_begins_another_chain_and_tells_why(tmp_path: Path) -> None:
    filled(tmp_path, 3)
    before = read_database(tmp_path / "store.db")
    root_of_the_papers(tmp_path)
    Cache.open(tmp_path).close()
    after = read_database(tmp_path / "store.db")
    assert broken(before) is None and broken(after) is None
    assert after.chain != before.chain
    assert (after.rows[0]["event"], after.rows[0]["fields"]) == ("store.rescued", '{"undelivered":3}')
