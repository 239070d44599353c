"""The tables of store.db, as migrations that only go forward. Columns named `sealed` hold DataKey ciphertext."""

from __future__ import annotations

import uuid

from sqlite_utils import Database, Migrations

from contract.audit import first_hash

migrations = Migrations("terminal")


@migrations()
def m001_first(db: Database) -> None:
    """Visits and their keys, drafts, materials, outbox, platform answers, print ledger, counters, facts."""
    db.table("visits").create(
        {"id": str, "started_at": str, "ended_at": str, "wrapped_key": bytes}, pk="id", not_null={"started_at"}
    )
    db.table("drafts").create({"visit": str, "sealed": bytes}, pk="visit")
    db.table("materials").create({"visit": str, "sha256": str, "sealed": bytes}, pk=("visit", "sha256"))
    db.table("outbox").create(
        {
            "id": str,
            "visit": str,
            "kind": str,
            "after": str,
            "sealed": bytes,
            "state": str,
            "attempts": int,
            "next_at": float,
            "problem": str,
            "created_at": str,
        },
        pk="id",
    )
    db.table("outbox").create_index(["state", "next_at"])
    db.table("answers").create({"case_id": str, "visit": str, "sealed": bytes}, pk="case_id")
    db.table("prints").create(
        {"id": str, "visit": str, "kind": str, "number": str, "state": str, "reason": str, "changed_at": str}, pk="id"
    )
    db.table("counters").create({"name": str, "value": int}, pk="name")
    db.table("facts").create({"name": str, "value": str, "changed_at": float}, pk="name")


@migrations()
def m002_logins(db: Database) -> None:
    """Attempts that failed, by kind and keyed hash of a person; offline codes that were taken."""
    db.table("attempts").create({"name": str, "count": int, "failed_at": float, "until": float}, pk="name")
    db.table("used_codes").create({"sha256": str, "expires": float}, pk="sha256")


@migrations()
def m003_prints(db: Database) -> None:
    """Of a paper: which attempt it is, the pages sent and told; and every change of its state, never changed itself."""
    prints = db.table("prints")
    prints.add_column("attempt", int, not_null_default=1)
    prints.add_column("pages", int, not_null_default=1)
    prints.add_column("came", int)
    prints.create_index(["kind", "number"])
    events = db.table("print_events")
    events.create({"id": int, "print": str, "state": str, "reason": str, "by": str, "at": str}, pk="id")
    events.create_index(["print"])
    for change in ("update", "delete"):
        db.execute(
            f"create trigger print_events_no_{change} before {change} on print_events"
            " begin select raise(abort, 'print_events only grows'); end"
        )


@migrations()
def m004_keys(db: Database) -> None:
    """Generations of the key-encryption key: with which one each visit's key, and each secret, is wrapped.

    What was wrapped before is of generation 1. `set_aside_keys` are those a damaged database that was set aside needs.
    The history of a paper may go once its line has gone.
    """
    db.execute("drop trigger print_events_no_delete")
    db.execute(
        "create trigger print_events_no_delete before delete on print_events"
        " when exists (select 1 from prints where prints.id = old.print)"
        " begin select raise(abort, 'print_events only grows'); end"
    )
    db.table("visits").add_column("kek", int, not_null_default=1)
    # the sync agent looks five times a second, among the visits of months
    db.execute("create index visits_with_key on visits (id) where wrapped_key is not null")
    db.table("outbox").create_index(["visit"])
    db.table("key_generations").create({"generation": int, "holder": str, "made_at": str}, pk="generation")
    db.table("secrets").create({"name": str, "wrapped": bytes, "kek": int}, pk="name")
    db.table("set_aside_keys").create({"generation": int, "folder": str}, pk=("generation", "folder"))


@migrations()
def m005_delivery(db: Database) -> None:
    """The materials a case names, where each upload stands, and how often the platform has objected to an entry.

    `next_at` is of no use any more: when an entry is tried next is planned on the monotonic clock of the process that
    delivers. It stays, so that a row has its columns at the same places in every database that is rescued. `problem`
    becomes one of contract.terminals.ParkReason.
    """
    db.table("case_materials").create(
        {"case_id": str, "visit": str, "sha256": str}, pk=("case_id", "sha256"), not_null={"visit"}
    )
    db.table("case_materials").create_index(["visit", "sha256"])
    db.table("uploads").create(
        {"case_id": str, "visit": str, "sha256": str, "location": str}, pk=("case_id", "sha256"), not_null={"visit"}
    )
    db.execute("drop index idx_outbox_state_next_at")
    outbox = db.table("outbox")
    outbox.create_index(["state"])
    outbox.add_column("strikes", int, not_null_default=0)
    outbox.add_column("parked_at", str)
    db.execute(
        "update outbox set parked_at = created_at, problem = case problem when 'status 409' then 'conflict'"
        " when 'status 413' then 'too_large' when 'unreadable' then 'unreadable' else 'refused' end"
        " where state = 'parked'"
    )


@migrations()
def m006_audit(db: Database) -> None:
    """The audit log: lines are added one by one; a line goes only once the platform has it, the oldest first.

    `audit_chain` is the one chain of this database: `number` and `hash` of the last line that has gone (or what stands
    before line 1), and up to which line the platform has it.
    """
    db.execute(
        "create table audit (number integer primary key, at text not null, event text not null, fields text not null,"
        " hash text not null)"
    )
    db.execute(
        "create table audit_chain (one integer primary key check (one = 1), chain text not null,"
        " number integer not null, hash text not null, delivered integer not null)"
    )
    chain = str(uuid.uuid4())
    db.execute("insert into audit_chain values (1, ?, 0, ?, 0)", [chain, first_hash(chain)])
    last = "(select coalesce(max(number), (select number from audit_chain)) from audit)"
    forbidden = {
        "insert on audit": f"new.number is not 1 + {last}",
        "update on audit": "1",
        "delete on audit": "old.number > (select number from audit_chain)",
        "insert on audit_chain": "1",
        "delete on audit_chain": "1",
        "update on audit_chain": "new.one is not 1 or new.chain is not old.chain or new.number < old.number"
        f" or new.number > new.delivered or new.delivered > {last}"
        " or (new.number = old.number and new.hash is not old.hash) or (new.number > old.number"
        " and new.hash is not (select hash from audit where audit.number = new.number))",
    }
    for change, when in forbidden.items():
        name = change.replace(" ", "_")
        db.execute(
            f"create trigger {name} before {change} when {when} begin select raise(abort, 'audit only grows'); end"
        )
