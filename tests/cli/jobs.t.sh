#!/usr/bin/env bash
# The process of jobs inside duet serve, in its sandbox: evidence that came from a file is fitted, and
# everything ends when the server does.
. tests/cli/lib.sh

db=$dir/a.db
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$dir"' EXIT
run duet demo --db "$db" --people 30
status_is 0 'a district'
printf 'person,skill,level,kind,date\np001,warm-talk,3,self,2026-09-01\n' >"$dir/evidence.csv"
run duet import evidence "$dir/evidence.csv" --db "$db" --framework 'Everyday teaching' --apply
status_is 0 'a piece of evidence from a file'

"$DUET" serve --db "$db" --listen 127.0.0.1:0 --workers 1 >"$dir/out" 2>"$dir/log" </dev/null &
server=$!
tries=0
until grep -q 'event=job kind=refit .*result=ok' "$dir/log" || [ $tries = 100 ]; do
    sleep 0.1
    tries=$((tries + 1))
done
if grep -q 'event=job kind=refit .*result=ok' "$dir/log"; then
    pass 'the server makes the estimates anew'
else
    fail 'the server makes the estimates anew'
    sed 's/^/# /' "$dir/log" | tail -n 20
fi
kill -TERM "$server"
wait "$server"
status=$?
server=
status_is 0 'it ends when told to'
if grep -qE 'Sanitizer|runtime error|cannot begin|jobs-trouble' "$dir/log"; then
    fail 'without trouble'
    sed 's/^/# /' "$dir/log" | tail -n 20
else
    pass 'without trouble'
fi
done_testing
