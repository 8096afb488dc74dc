#!/usr/bin/env bash
# duet db, duet backup, duet restore, on SQLite and, where DUET_TEST_POSTGRES names a server, on
# PostgreSQL.
. tests/cli/lib.sh
build=${DUET_BUILD:-$PWD/build-release}

filled() { # WHERE
    ok "a database with rows in every table" "$build/tests/db/filled" "$1"
}
size_of() { stat -c %s "$1"; }
mode_of() { stat -c %a "$1"; }
alone() { # FILE NAME
    is "$(ls "$1"*)" "$1" "$2"
}

run duet db migrate "$dir/a.db"
status_is 0 'migrate makes a database'
out_has "$dir/a.db is ready (migration " 'and says so'
is "$(mode_of "$dir/a.db")" 600 'which only its owner can read'
run duet db migrate "$dir/a.db"
out_has 'is up to date' 'a second time nothing happens'
run duet db check "$dir/a.db"
status_is 0 'an empty one is sound'
run duet db migrate "$dir/no/such/folder/a.db"
status_is 5 'no folder to make it in'
err_has 'No such file' 'is said'
printf 'name,city\n' >"$dir/text.csv"
run duet db migrate "$dir/text.csv"
status_is 5 'a file that is no database'
err_has 'not a database' 'is not taken for one'
is "$(cat "$dir/text.csv")" 'name,city' 'nor changed'

run duet db frobnicate "$dir/a.db"
status_is 2 'an action that is none'
run duet db copy "$dir/a.db"
status_is 2 'copy without a target'
run duet db check "$dir/a.db" "$dir/b.db"
status_is 2 'check of two'
run duet db copy "$dir/none.db" "$dir/b.db"
status_is 1 'no source'
err_has "there is no database $dir/none.db" 'is said'
ok 'and nothing is made' test ! -e "$dir/none.db" -a ! -e "$dir/b.db"
run duet db check postgresql://nobody@localhost/duet
status_is 2 'check of a server'
err_has 'check reads SQLite files' 'says what can be checked'
run duet db migrate 'postgresql://user:secret@[::1/x'
status_is 5 'an address that is none'
err_has 'postgresql://user@host/database' 'is explained'
ok 'without the password' sh -c '! grep -q secret "$1"' - "$dir/.err"

filled "$dir/full.db"
run duet db copy "$dir/full.db" "$dir/copy.db"
status_is 0 'copy'
out_has 'counts and checksums agree' 'copy says what it checked'
out_has 'person' 'and lists the tables'
run duet db copy "$dir/full.db" "$dir/copy.db"
status_is 1 'a second copy'
err_has 'not empty' 'is refused'
duet db check "$dir/full.db" | grep -v sound >"$dir/sums.full"
duet db check "$dir/copy.db" | grep -v sound >"$dir/sums.copy"
same "$dir/sums.full" "$dir/sums.copy" 'check shows the same checksums'

run duet backup --db "$dir/full.db" --out "$dir/backup"
status_is 0 'backup'
out_has 'found sound' 'says that it was read again'
is "$(mode_of "$dir/backup")" 600 'only the owner can read it'
alone "$dir/backup" 'it stands alone'
duet db check "$dir/backup" | grep -v sound >"$dir/sums.backup"
same "$dir/sums.full" "$dir/sums.backup" 'the same rows'
alone "$dir/backup" 'and a check leaves nothing beside it'
run duet backup --db "$dir/full.db" --out "$dir/backup"
status_is 1 'a backup that is there'
err_has 'is there already' 'is kept'
run duet backup --db "$dir/full.db" --out "$dir/backup" --force
status_is 0 'unless --force is said'
run duet backup --db "$dir/full.db" --out "$dir/full.db" --force
status_is 1 'a database is no place for its backup'
run duet backup --db "$dir/none.db" --out "$dir/b2"
status_is 1 'no database to back up'
run duet backup --db "$dir/text.csv" --out "$dir/b2"
status_is 5 'no database at all'
: >"$dir/empty.db"
run duet backup --db "$dir/empty.db" --out "$dir/b2"
status_is 1 'nothing of Duet to back up'
err_has 'has no Duet in it' 'is said'
run duet backup --db "$dir/full.db" --out "$dir/no/such/folder/b"
status_is 5 'nowhere to write to'
ok 'no file is left behind' test -z "$(ls "$dir" | grep -E '^b2|new-')"

run duet restore "$dir/backup" --db "$dir/restored.db"
status_is 0 'restore'
is "$(mode_of "$dir/restored.db")" 600 'only the owner can read it'
duet db check "$dir/restored.db" | grep -v sound >"$dir/sums.restored"
same "$dir/sums.full" "$dir/sums.restored" 'the same rows again'
run duet db migrate "$dir/restored.db"
out_has 'is up to date' 'it can be used'
run duet restore "$dir/backup" --db "$dir/a.db"
status_is 1 'a database that is there'
err_has 'is there already' 'is kept'
run duet restore "$dir/backup" --db "$dir/a.db" --force
status_is 0 'unless --force is said'
duet db check "$dir/a.db" | grep -v sound >"$dir/sums.a"
same "$dir/sums.full" "$dir/sums.a" 'and then replaced'
run duet restore "$dir/backup" --db "$dir/backup" --force
status_is 1 'over itself'
run duet restore "$dir/none" --db "$dir/x.db"
status_is 1 'no backup'
run duet restore "$dir/text.csv" --db "$dir/x.db"
status_is 5 'a file that is no backup'

# What an older database left beside the place must not be read into the new one.
duet db migrate "$dir/stale.db" >/dev/null
for end in wal shm; do printf 'stale' >"$dir/stale.db-$end"; done
rm "$dir/stale.db"
run duet restore "$dir/backup" --db "$dir/stale.db"
status_is 0 'restore where an old log lies'
alone "$dir/stale.db" 'the log is gone'

# Damage: 512 bytes in the middle of a page, a cut in half, another program's database.
cp "$dir/backup" "$dir/hurt"
dd if=/dev/urandom of="$dir/hurt" bs=512 seek=$(($(size_of "$dir/hurt") / 1024)) count=16 \
    conv=notrunc status=none
head -c $(($(size_of "$dir/backup") / 2)) "$dir/backup" >"$dir/half"
for bad in hurt half; do
    run duet db check "$dir/$bad"
    ok "a damaged backup ($bad) is found out" test "$status" != 0
    run duet restore "$dir/$bad" --db "$dir/x.db"
    ok "and not restored ($bad)" test "$status" != 0 -a ! -e "$dir/x.db"
done
cp "$dir/hurt" "$dir/broken.db"
run duet restore "$dir/backup" --db "$dir/broken.db" --force
status_is 0 'a damaged database is replaced'
run duet db check "$dir/broken.db"
status_is 0 'and is sound'
ok 'nothing half-written lies about' test -z "$(ls "$dir" | grep 'new-')"

if [ -z "${DUET_TEST_POSTGRES-}" ]; then
    skip 'PostgreSQL: DUET_TEST_POSTGRES does not name a server'
    done_testing
fi

# A database of its own on the server.
psql() { command psql "$DUET_TEST_POSTGRES" -qAtX "$@"; }
name=cli_$$_$RANDOM
at() { printf '%s' "$DUET_TEST_POSTGRES" | sed "s|/postgres?|/$1?|"; }
for n in a b c; do psql -c "CREATE DATABASE ${name}_$n"; done
trap 'for n in a b c; do psql -c "DROP DATABASE IF EXISTS ${name}_$n WITH (FORCE)"; done; rm -rf "$dir"' EXIT
pg_a=$(at "${name}_a") pg_b=$(at "${name}_b") pg_c=$(at "${name}_c")

run duet db migrate "$pg_a"
status_is 0 'postgres: migrate'
out_has 'is ready (migration ' 'postgres: and says so'
run duet db copy "$dir/full.db" "$pg_a"
status_is 0 'sqlite to postgres'
run duet db copy "$pg_a" "$pg_b"
status_is 0 'postgres to postgres'
run duet db copy "$pg_b" "$dir/round.db"
status_is 0 'postgres to sqlite'
duet db check "$dir/round.db" | grep -v sound >"$dir/sums.round"
same "$dir/sums.full" "$dir/sums.round" 'round the houses, and the same checksums'
run duet db copy "$dir/full.db" "$pg_a"
status_is 1 'postgres: a target with rows is refused'
run duet backup --db "$pg_a" --out "$dir/pg.backup"
status_is 0 'postgres: backup'
alone "$dir/pg.backup" 'postgres: the backup stands alone'
duet db check "$dir/pg.backup" | grep -v sound >"$dir/sums.pg"
same "$dir/sums.full" "$dir/sums.pg" 'postgres: the same rows'
run duet restore "$dir/pg.backup" --db "$pg_c"
status_is 0 'postgres: restore'
run duet restore "$dir/pg.backup" --db "$pg_a" --force
status_is 1 'postgres: only an empty database takes a backup'
run duet restore "$dir/pg.backup" --db "$dir/from-pg.db"
status_is 0 'a backup of PostgreSQL becomes an SQLite database'
duet db check "$dir/from-pg.db" | grep -v sound >"$dir/sums.from-pg"
same "$dir/sums.full" "$dir/sums.from-pg" 'with the same rows'
run duet db migrate "$(at no_such_database)"
status_is 5 'postgres: a database that is not there'
err_has 'does not exist' 'postgres: is said'
run duet db migrate 'postgresql://u:secret@/x?host=/nonexistent'
status_is 5 'postgres: a server that is not there'
ok 'postgres: no password is shown' sh -c '! grep -q secret "$1"' - "$dir/.err"
done_testing
