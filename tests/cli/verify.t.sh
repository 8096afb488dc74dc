#!/usr/bin/env bash
# duet verify --db: a round in a database held against it once more.
. tests/cli/lib.sh

db=$dir/duet.db
sql() { # STATEMENT
    python3 -c 'import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
for row in db.execute(sys.argv[2]):
    print(row[0])
db.commit()' "$db" "$1"
}

run duet demo --db "$db"
status_is 0 'a database with a round that is ready'
round=$(sql "SELECT max(id) FROM round WHERE state = 'ready'")
run duet verify --db "$db" --round "$round"
status_is 0 'it holds'
out_has 'Verified' 'and that is said'
out_has 'under these rules' 'with what was proved'
for name in $(sql 'SELECT family_name FROM person LIMIT 20'); do
    ! grep -qw "$name" "$dir/.out" || fail "nobody is named ($name)"
done
sql "UPDATE proposal SET gain = gain + 1 WHERE round_id = $round AND pair = 2"
run duet verify --db "$db" --round "$round"
status_is 3 'a list that was tampered with is refused'
err_has 'pair 2 of the list' 'with the pair that is wrong'
sql "UPDATE proposal SET gain = gain - 1 WHERE round_id = $round AND pair = 2"
sql "UPDATE round SET certificate = substr(certificate, 1, length(certificate) / 2) WHERE id = $round"
run duet verify --db "$db" --round "$round"
status_is 3 'so is a certificate'
err_has 'the certificate does not hold' 'and that is said'
for name in $(sql 'SELECT family_name FROM person LIMIT 20'); do
    ! grep -qw "$name" "$dir/.err" || fail "nobody is named ($name)"
done

rm -f "$db"*
run duet demo --db "$db"
sql "DELETE FROM need WHERE person_id = (SELECT learner_id FROM proposal WHERE round_id = $round LIMIT 1)"
run duet verify --db "$db" --round "$round"
status_is 3 'what it was made from has changed'
err_has 'made from data that has changed since' 'and that is said'

run duet verify --db "$db" --round 999
status_is 1 'no such round'
run duet verify --db "$dir/none.db" --round 1
status_is 1 'no such database'
run duet verify --db "$db"
status_is 2 'which round?'
run duet verify --round 1
status_is 2 'in which database?'
run duet verify --db "$db" --round 1 --partners "$db"
status_is 2 'a database or files'
run duet verify
status_is 2 'neither'
err_has '--db WHERE' 'and what there is'
done_testing
