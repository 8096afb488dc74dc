#!/usr/bin/env python3
"""What stands in a database of Duet (an SQLite file), and whether it is sound.

    python3 tests/http/sound.py FILE SINCE_MS

Prints one JSON object: the faults found, and what was written from SINCE_MS on.  It shares no code
with Duet: the chain of the audit is computed anew from its description in coach/audit.h.
"""
import hashlib
import json
import sqlite3
import sys


def broken_chain(db):
    """The id of the first entry that does not fit the chain of hashes; None when all do."""

    def number(value):
        return (value or 0).to_bytes(8, "little", signed=True)

    def text(value):
        raw = value.encode()
        return number(len(raw)) + raw

    before = bytes(32)
    rows = db.execute(
        "SELECT id, hash, at_ms, actor_id, verb, object, object_id, owner_id, result, detail"
        " FROM audit ORDER BY id")
    for entry, stored, at_ms, actor, verb, thing, thing_id, owner, result, detail in rows:
        chained = hashlib.blake2b(
            before + number(at_ms) + number(actor) + text(verb) + text(thing) + number(thing_id)
            + number(owner) + text(result) + text(detail), digest_size=32).digest()
        if chained != stored:
            return entry
        before = chained
    return None


def faults(db):
    found = [row[0] for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]
    found += [f"a row of {row[0]} refers to nothing" for row in db.execute("PRAGMA foreign_key_check")]
    entry = broken_chain(db)
    if entry is not None:
        found.append(f"the chain of the audit breaks at {entry}")
    wrong = db.execute(
        "SELECT count(*) FROM zone z WHERE n_evidence <> (SELECT count(*) FROM evidence e WHERE"
        " e.person_id = z.person_id AND e.skill_id = z.skill_id AND e.withdrawn_ms IS NULL)")
    n = wrong.fetchone()[0]
    if n:
        found.append(f"{n} zones do not count the evidence that is there")
    return found


def main():
    db = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
    since = int(sys.argv[2])

    def rows(sql, *values):
        return db.execute(sql, values).fetchall()

    print(json.dumps({
        "faults": faults(db),
        "evidence": rows("SELECT person_id, skill_id, kind, level, note, created_ms FROM evidence"
                         " WHERE created_ms >= ?", since),
        "needs": rows("SELECT person_id, skill_id, note FROM need"),
        "offers": rows("SELECT person_id, skill_id FROM offer"),
        "audit": rows("SELECT at_ms, actor_id, owner_id, verb, object, object_id, detail FROM audit"
                      " WHERE at_ms >= ? AND result = 'done'", since),
        "entries": rows("SELECT count(*) FROM audit")[0][0],
    }))


main()
