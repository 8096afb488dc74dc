#!/usr/bin/env bash
# duet demo: the made-up district.
. tests/cli/lib.sh

run duet demo "$dir/a" --people 60
status_is 0 'demo'
out_has '60 people' 'it says what it made'
out_has "duet match --from $dir/a" 'and what to do next'
for f in people skills evidence needs offers rules; do
    ok "$f.csv is there" test -s "$dir/a/$f.csv"
    ok "$f.csv is UTF-8" iconv -f UTF-8 -t UTF-16 -o /dev/null "$dir/a/$f.csv"
done
is "$(wc -l <"$dir/a/people.csv")" 61 'as many people as asked for'
is "$(tail -n +2 "$dir/a/people.csv" | cut -d, -f1 | sort -u | wc -l)" 60 'all ids differ'
run duet demo "$dir/a" --people 60
status_is 2 'a folder in use is refused'
run duet demo "$dir/b" --people 60
for f in people skills evidence needs offers rules; do
    same "$dir/a/$f.csv" "$dir/b/$f.csv" "the same seed gives the same $f.csv"
done
run duet demo "$dir/b" --people 60 --seed 2 --force
status_is 0 '--force writes over'
ok 'another seed gives other people' sh -c '! cmp -s "$1/a/people.csv" "$1/b/people.csv"' - "$dir"
run duet demo "$dir/no/such/folder"
status_is 5 'no folder to make the folder in'
: >"$dir/file"
run duet demo "$dir/file"
status_is 5 'a file is no folder'
run duet demo "$dir/small" --people 8
status_is 0 'the smallest district'
large=300
[ -z "${DUET_SANITIZED-}" ] || large=100 # the zones of 300 take long there
run duet demo "$dir/large" --people $large --seed 99
status_is 0 'a large district'
for d in a b small large; do
    run duet zone --from "$dir/$d" --person p001
    status_is 0 "the other commands read district $d"
    no_complaint "without a word of complaint ($d)"
done

run duet demo
status_is 2 'neither a folder nor a database'
run duet demo "$dir/c" --db "$dir/c.db"
status_is 2 'both'
run duet demo --db "$dir/c.db" --people 40 --url https://duet.example.org
status_is 0 'a database is filled'
out_has '40 people' 'it says with what'
out_has 'https://duet.example.org/welcome/' 'and how to sign in'
run duet demo --db "$dir/c.db"
status_is 0 'again: new links only'
ok 'nothing is filled twice' sh -c '! grep -q "district of" "$1"' - "$dir/.out"
run duet demo --db "$dir/d.db" --people 40
for db in c d; do
    run duet db check "$dir/$db.db"
    status_is 0 "$db.db is sound"
    grep -E '^(domain|skill_level|task|framework_text|person_tag|rater) ' "$dir/.out" >"$dir/$db.sums"
done
ok 'tables without times are there' test "$(wc -l <"$dir/c.sums")" -eq 6
same "$dir/c.sums" "$dir/d.sums" 'the same seed gives the same rows'
done_testing
